using System.Collections.Concurrent;

namespace LocalCloud.Aws.S3;

/// <summary>All buckets: one name space for everybody.</summary>
internal sealed class S3Store(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    public DateTimeOffset Now => clock.GetUtcNow();

    public Bucket? Find(string name) => buckets.GetValueOrDefault(name);

    public IEnumerable<Bucket> All => buckets.Values;

    public IEnumerable<Bucket> OwnedBy(string account) =>
        buckets.Values.Where(bucket => bucket.Owner == account).OrderBy(bucket => bucket.Name, StringComparer.Ordinal);

    public bool TryAdd(Bucket bucket) => buckets.TryAdd(bucket.Name, bucket);

    public bool Remove(Bucket bucket) => buckets.TryRemove(new(bucket.Name, bucket));
}
