using LocalCloud.Aws.Iam;
using LocalCloud.Aws.S3;
using LocalCloud.Storage;

namespace LocalCloud.Admin;

public sealed partial class LocalCloudAdmin
{
    /// <summary>An object of any size that costs no disk. Its content follows from size and seed; its ETag is no MD5.
    /// Encrypted as SSE-S3, whatever the bucket's default.</summary>
    public void PutSparse(string bucket, string key, long size, int seed)
    {
        var content = new SparseContent(size, seed);
        var found = Find(bucket);
        found.Put(key, new ObjectVersion(found.NewVersionId(), aws.Store.Now)
        {
            Content = content,
            ETag = Convert.ToHexStringLower(content.Md5) + "-1",
            Checksum = ObjectChecksum.Of(content, ChecksumAlgorithm.CRC64NVME),
        });
    }

    /// <summary>Many small objects at once, without a request each: <c>prefix</c> + number,
    /// content from seed and number.</summary>
    public void PutMany(string bucket, string prefix, int count, int size, int seed)
    {
        var found = Find(bucket);
        for (var i = 0; i < count; i++)
        {
            var content = new SparseContent(size, seed + i);
            found.Put($"{prefix}{i:D8}", new ObjectVersion(found.NewVersionId(), aws.Store.Now)
            {
                Content = aws.Segments.Keep(content),
                ETag = Convert.ToHexStringLower(content.Md5),
                Checksum = ObjectChecksum.Of(content, ChecksumAlgorithm.CRC64NVME),
            });
        }
    }

    /// <summary>A bucket with all that it holds, room on disk included.</summary>
    public void RemoveBucket(string name)
    {
        aws.Store.Remove(Find(name));
        SegmentStore.Reclaim();
    }

    /// <summary>A bucket without a request; versioning off, default encryption SSE-S3.</summary>
    public void CreateBucket(string name, string region, string account)
    {
        var bucket =
            new Bucket(name, region, account, aws.Store.Now) { Arn = $"arn:{aws.Options.Partition}:s3:::{name}" };
        if (!aws.Store.TryAdd(bucket))
        {
            throw new ArgumentException($"there is a bucket {name} already", nameof(name));
        }
    }

    /// <summary>
    /// Deletes a role or user: from now on the bucket policies that name it show its unique id,
    /// and S3 takes none that does.
    /// </summary>
    /// <returns>That id.</returns>
    public string DeletePrincipal(string arn)
    {
        var id = aws.Identities.Principals.Delete(arn)
            ?? throw new ArgumentException($"no such principal: {arn}", nameof(arn));
        foreach (var bucket in aws.Store.All)
        {
            if (bucket.Policy is { } policy)
            {
                bucket.Policy =
                    PolicyDocument.Parse(PrincipalNames.Rewrite(policy.Text, name => name == arn ? id : name));
            }
        }

        return id;
    }

    /// <summary>Keys with at least one version or delete marker.</summary>
    public int ObjectCount(string bucket)
    {
        var found = Find(bucket);
        lock (found.Gate)
        {
            return found.Index.Count;
        }
    }

    public bool HasBucket(string name) => aws.Store.Find(name) is not null;

    private Bucket Find(string bucket) =>
        aws.Store.Find(bucket) ?? throw new ArgumentException($"no such bucket: {bucket}", nameof(bucket));
}
