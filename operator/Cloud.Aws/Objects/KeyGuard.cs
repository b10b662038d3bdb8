using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Law 2 at the last moment: what was written under anything but the ordered key is taken away again,
/// and the write has failed.</summary>
internal sealed class KeyGuard(S3Site site)
{
    /// <param name="operation">What wrote it.</param>
    /// <param name="store">Where.</param>
    /// <param name="written">Under which name, and what the store said of it.</param>
    /// <param name="ordered">What it had to be written under.</param>
    /// <param name="isOnlyCopy">Then it stays, whatever it stands under: the failure alone tells of it.</param>
    public async Task RequireAsync(
        string operation, StoreRef store, (string Key, CopyResult Result) written, KeyRef ordered,
        bool isOnlyCopy = false)
    {
        var (key, result) = written;
        if (result.KeyId == ordered.Id)
        {
            return;
        }

        if (isOnlyCopy)
        {
            throw Refusal(operation, result, ordered, "it is the only copy and stays");
        }

        // Not the caller's token: leaving the weaker copy behind because somebody
        // stopped waiting would be the worse end.
        await RemoveAsync(store, key, result, CancellationToken.None);
        throw Refusal(operation, result, ordered, "the copy was removed");
    }

    private static CloudException Refusal(string operation, CopyResult written, KeyRef ordered, string end) => new(
        new CloudProblem.Refused("WrittenUnderAnotherKey",
            $"the store wrote under {written.KeyId ?? "no key"} instead of {ordered.Id}; {end}"), operation);

    private async Task RemoveAsync(StoreRef store, string key, CopyResult written, CancellationToken cancellation)
    {
        var request = new DeleteObjectRequest
        {
            BucketName = store.Name,
            Key = key,
            VersionId = written.VersionId,
            IfMatch = written.VersionId is null or S3Values.NullVersion ? S3Values.Quoted(written.ETag) : null,
        };
        await site.SendAsync("s3:DeleteObject", store, (s3, stop) => s3.DeleteObjectAsync(request, stop),
            evidence: null, cancellation);
    }
}
