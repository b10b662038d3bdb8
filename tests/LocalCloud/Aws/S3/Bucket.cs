using System.Collections.Concurrent;
using LocalCloud.Aws.Iam;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>A bucket. Its index and entries are guarded by <see cref="Gate"/>, held only for lookups and swaps,
/// never during I/O.</summary>
internal sealed class Bucket(string name, string region, string owner, DateTimeOffset created)
{
    public Lock Gate { get; } = new();

    public string Name { get; } = name;

    public string Arn { get; init; } = "arn:aws:s3:::" + name;

    public string Region { get; } = region;

    public string ViaService { get; } = $"s3.{region}.amazonaws.com";

    public string Owner { get; } = owner;

    public DateTimeOffset Created { get; } = created;

    public SortedIndex<ObjectEntry> Index { get; } = new(Storage.Utf8Order.Compare);

    public ConcurrentDictionary<string, MultipartUpload> Uploads { get; } = new(StringComparer.Ordinal);

    public volatile PolicyDocument? Policy;

    public DefaultEncryption Encryption { get; set; } = DefaultEncryption.S3Managed;

    public Versioning Versioning { get; set; }

    /// <summary>Configurations that are kept as documents and given back: tagging, lifecycle, ownership and so on,
    /// by their query name.</summary>
    public ConcurrentDictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    public string ArnOf(string key) => Arn + "/" + key;

    public ObjectVersion? Find(string key, string? versionId)
    {
        lock (Gate)
        {
            var entry = Index.Find(key);
            return versionId is null ? entry?.Latest : entry?.Find(versionId);
        }
    }

    public string NewVersionId() =>
        Versioning == Versioning.Enabled ? Guid.NewGuid().ToString("N") : ObjectVersion.NullId;

    /// <summary>Stores a version if the precondition, asked under the lock, lets it.</summary>
    public void Put(string key, ObjectVersion version, Action<ObjectVersion?>? precondition = null)
    {
        lock (Gate)
        {
            var entry = Index.Find(key);
            precondition?.Invoke(entry?.Latest is { IsDeleteMarker: false } current ? current : null);
            if (entry is null)
            {
                Index.Add(key, new ObjectEntry(key, version));
            }
            else
            {
                entry.Push(version);
            }
        }
    }
}
