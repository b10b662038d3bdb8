using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Law 2 at the last moment: what was written under anything but the ordered key is taken away again, and the write has failed.</summary>
internal sealed class KeyGuard(S3Site site)
{
    public async Task RequireAsync(string operation, StoreRef store, string key, CopyResult written, KeyRef ordered)
    {
        if (written.KeyId == ordered.Id)
        {
            return;
        }

        // Not the caller's token: leaving the weaker copy behind because somebody stopped waiting would be the worse end.
        await RemoveAsync(store, key, written, CancellationToken.None);
        throw new CloudException(
            new CloudProblem.Refused("WrittenUnderAnotherKey", $"the store wrote under {written.KeyId ?? "no key"} instead of {ordered.Id}; the copy was removed"),
            operation);
    }

    private async Task RemoveAsync(StoreRef store, string key, CopyResult written, CancellationToken cancellation)
    {
        var request = new DeleteObjectRequest
        {
            BucketName = store.Name,
            Key = key,
            VersionId = written.VersionId,
            IfMatch = written.VersionId is null ? S3Words.Quoted(written.ETag) : null,
        };
        await site.SendAsync("s3:DeleteObject", store, (s3, stop) => s3.DeleteObjectAsync(request, stop), evidence: null, cancellation);
    }
}
