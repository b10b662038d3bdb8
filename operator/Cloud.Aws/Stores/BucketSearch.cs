using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Looks through the account's buckets for those that an earlier object of the same names left.
/// Changes nothing.</summary>
internal sealed class BucketSearch(S3Site site, BucketLook look)
{
    private const int PageSize = 1000;

    /// <summary>An account holds 10,000 buckets, or a million by request; beyond this a listing does not end.</summary>
    private const int MostPages = 1000;

    public async Task<IReadOnlyList<EarlierStore>> FindAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation)
    {
        List<EarlierStore> found = [];
        foreach (var bucket in (await ListAsync(spec, search, cancellation)).Append(spec.Store)
            .DistinctBy(bucket => bucket.Name))
        {
            if (await TagAsync(bucket, cancellation) is not { } tag)
            {
                continue;
            }

            var isOwn = tag.Owner == spec.Owner && bucket.Name != spec.Store.Name;
            if (isOwn || tag.IsEarlierOf(spec))
            {
                found.Add(new EarlierStore(bucket.Name, bucket.Region, tag.Identity) { IsOwn = isOwn });
            }
        }

        return found;
    }

    /// <summary>Servers that know no prefix or no region of a bucket tell all of them, and nothing of it.</summary>
    private async Task<List<StoreRef>> ListAsync(StoreSpec spec, StoreSearch search, CancellationToken cancellation)
    {
        List<StoreRef> listed = [];
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            var request =
                new ListBucketsRequest { Prefix = search.Prefix, MaxBuckets = PageSize, ContinuationToken = token };
            var answer = await site.SendAsync(
                new AwsRequest("s3:ListAllMyBuckets", spec.Store.Region),
                (s3, stop) => s3.ListBucketsAsync(request, stop), evidence: null, cancellation);
            listed.AddRange((answer.Buckets ?? [])
                .Where(bucket =>
                    bucket.BucketName.StartsWith(search.Prefix, StringComparison.Ordinal)
                        && !search.IsKnown(bucket.BucketName))
                .Select(bucket =>
                    new StoreRef(string.IsNullOrEmpty(bucket.BucketRegion) ? spec.Store.Region
                        : bucket.BucketRegion, bucket.BucketName)));
            if (answer.ContinuationToken is not { Length: > 0 } next)
            {
                return listed;
            }

            token = next;
        }

        throw new CloudException(
            new CloudProblem.Refused("TooManyBuckets", "the account lists more buckets than S3 allows"),
            "s3:ListAllMyBuckets");
    }

    /// <summary>Null where it says nothing of an owner of ours: gone meanwhile, elsewhere,
    /// or not ours to look at.</summary>
    private async Task<StoreTag?> TagAsync(StoreRef bucket, CancellationToken cancellation)
    {
        try
        {
            return BucketLook.Read(await look.TagsAsync(bucket, evidence: null, cancellation));
        }
        catch (CloudException other) when (other.Problem is CloudProblem.NotFound or CloudProblem.Forbidden
            || BucketLook.IsElsewhere(other.Problem))
        {
            return null;
        }
    }
}
