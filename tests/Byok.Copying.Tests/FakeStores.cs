using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying.Tests;

/// <summary>Two stores in memory with what makes real ones hard: versions, delete markers, ETags that tell nothing,
/// conditions.</summary>
internal sealed class FakeStores(TestTime time)
{
    public sealed record Stored(
        string Key, string? VersionId, string ETag, byte[] Content, DateTimeOffset LastModified, bool IsDeleteMarker,
        string? KeyId)
    {
        public Checksum? Checksum { get; init; }

        /// <summary>Under a legal hold, which is its bucket's.</summary>
        public bool IsHeld { get; init; }

        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    }

    public const string Redirect = "x-amz-website-redirect-location";

    private readonly Lock gate = new();
    private readonly Dictionary<StoreRef, SortedDictionary<string, List<Stored>>> stores = [];
    private readonly HashSet<StoreRef> versioned = [];
    private int counter;

    /// <summary>How often each version of the source was really copied.</summary>
    public ConcurrentDictionary<(string Key, string? Version, string ETag), int> Copies { get; } = new();

    /// <summary>Set to make the store write under a key that nobody ordered.</summary>
    public string? WrongKey { get; set; }

    /// <summary>Asked for each copy: whether its content arrives damaged.</summary>
    public Func<string, bool> Damages { get; set; } = _ => false;

    /// <summary>Asked for each object: what its store says of it, in its listing and to a copy.</summary>
    public Func<string, (bool InListing, CloudProblem.Refused Problem)?> Refuses { get; set; } = _ => null;

    public bool AnswersWithKeyId { get; set; } = true;

    public void Create(StoreRef store, bool isVersioned)
    {
        stores[store] = new(ObjectOrder.Utf8);
        if (isVersioned)
        {
            versioned.Add(store);
        }
    }

    /// <summary>From now on versions are kept; what stands becomes the version "null" of its key.</summary>
    public void StartVersioning(StoreRef store) => versioned.Add(store);

    public Stored Put(
        StoreRef store, string key, byte[] content, string? keyId = null, Checksum? checksum = null, string header = "")
    {
        lock (gate)
        {
            var etag = keyId is null ? Convert.ToHexStringLower(SHA256.HashData(content))[..32] : $"opaque-{++counter}";
            var headers = new Dictionary<string, string> { ["x-amz-meta-h"] = header };
            return Add(store,
                new Stored(key, null, etag, content, default, false, keyId) { Checksum = checksum, Headers = headers });
        }
    }

    /// <summary>Of what stands: where it leads, and whether it is held.</summary>
    public void Give(StoreRef store, string key, string? redirect, bool isHeld)
    {
        lock (gate)
        {
            var versions = stores[store][key];
            var headers = new Dictionary<string, string>(versions[^1].Headers);
            if (redirect is not null)
            {
                headers[Redirect] = redirect;
            }

            versions[^1] = versions[^1] with { Headers = headers, IsHeld = isHeld };
        }
    }

    public Stored? Mark(StoreRef store, string key)
    {
        lock (gate)
        {
            if (versioned.Contains(store))
            {
                return Add(store, new Stored(key, null, "", [], default, true, null));
            }

            stores[store].Remove(key);
            return null;
        }
    }

    public List<Stored> All(StoreRef store, string prefix = "")
    {
        lock (gate)
        {
            return [.. stores[store].Values.SelectMany(versions => versions)
                .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))];
        }
    }

    public List<ObjectVersion> Page(StoreRef store, string prefix, string? afterKey)
    {
        lock (gate)
        {
            return
            [
                .. stores[store]
                    .Where(entry =>
                        entry.Key.StartsWith(prefix, StringComparison.Ordinal)
                            && (afterKey is null || ObjectOrder.Utf8.Compare(entry.Key, afterKey) > 0))
                    .Take(10)
                    .SelectMany(entry =>
                        Enumerable.Reverse(entry.Value)
                            .Select((one, index) => Listed(one, index == 0, versioned.Contains(store)))),
            ];
        }
    }

    /// <summary>The whole listing, newest first within a key.</summary>
    public List<ObjectVersion> ListAll(StoreRef store, string prefix)
    {
        List<ObjectVersion> all = [];
        for (var page = Page(store, prefix, null); page.Count > 0; page = Page(store, prefix, all[^1].Key))
        {
            all.AddRange(page);
        }

        return all;
    }

    public CopyResult Copy(CopyOrder order)
    {
        lock (gate)
        {
            var source = Find(order.Source, order.Version.Key, order.Version.VersionId);
            if (source is null or { IsDeleteMarker: true })
            {
                throw new CloudException(new CloudProblem.NotFound("NoSuchKey", "gone"), "s3:CopyObject");
            }

            if (Refuses(source.Key) is { } refusal)
            {
                throw new CloudException(refusal.Problem, "s3:CopyObject");
            }

            if (source.ETag != order.Version.ETag)
            {
                throw new CloudException(new CloudProblem.Conflict("PreconditionFailed", "changed"), "s3:CopyObject");
            }

            Copies.AddOrUpdate((source.Key, source.VersionId, source.ETag), 1, (_, count) => count + 1);
            var headers = source.Headers.Where(header => header.Key != Redirect).ToDictionary();
            if (order.RedirectTo is { } redirect)
            {
                headers[Redirect] = redirect;
            }

            var content = Damages(source.Key) ? [.. source.Content, 1] : source.Content;
            var copy = Add(order.Target, source with
            {
                Key = order.TargetKey, VersionId = null, ETag = $"opaque-{++counter}", Content = content,
                KeyId = WrongKey ?? order.Key.Id,
                Headers = headers,
                IsHeld = false,
                Checksum = Damages(source.Key) ? null : source.Checksum,
            });
            return new CopyResult(copy.VersionId, copy.ETag, AnswersWithKeyId ? copy.KeyId
                : null, copy.Checksum) { RedirectTo = order.RedirectTo };
        }
    }

    public Stored? Find(StoreRef store, string key, string? versionId)
    {
        lock (gate)
        {
            return stores[store].TryGetValue(key, out var versions)
                ? versions.LastOrDefault(one => versionId is null || (one.VersionId ?? "null") == versionId)
                : null;
        }
    }

    public void Delete(StoreRef store, IReadOnlyList<ObjectVersion> doomed)
    {
        lock (gate)
        {
            foreach (var version in doomed)
            {
                if (!stores[store].TryGetValue(version.Key, out var versions))
                {
                    continue;
                }

                if (version.VersionId is null && versioned.Contains(store))
                {
                    Mark(store, version.Key);
                    continue;
                }

                if (version.VersionId is null && versions[^1].ETag != version.ETag)
                {
                    throw new CloudException(new CloudProblem.Conflict("PreconditionFailed", "changed"),
                        "s3:DeleteObject");
                }

                versions.RemoveAll(one => (one.VersionId ?? "null") == (version.VersionId ?? "null"));
                if (versions.Count == 0)
                {
                    stores[store].Remove(version.Key);
                }
            }
        }
    }

    public string WriteMark(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch)
    {
        lock (gate)
        {
            var standing = Find(store, key, null);
            if (ifMatch is not null
                && (ifMatch == Cloud.Objects.Mark.OnlyNew ? standing is not null : standing?.ETag != ifMatch))
            {
                throw new CloudException(new CloudProblem.Conflict("PreconditionFailed", "not as expected"),
                    "s3:PutObject");
            }

            return Put(store, key, content.ToArray(), encryption.Id).ETag;
        }
    }

    private Stored Add(StoreRef store, Stored stored)
    {
        var isVersioned = versioned.Contains(store);
        var added = stored with { VersionId = isVersioned ? $"v{++counter}" : null, LastModified = time.Tick() };
        if (!stores[store].TryGetValue(stored.Key, out var versions))
        {
            stores[store][stored.Key] = versions = [];
        }

        if (!isVersioned)
        {
            versions.Clear();
        }

        versions.Add(added);
        return added;
    }

    /// <summary>What was written before versioning has the id "null", and none while it is the newest.</summary>
    private ObjectVersion Listed(Stored one, bool isLatest, bool isVersioned) =>
        new(one.Key, one.VersionId ?? (isVersioned && !isLatest ? "null" : null), one.ETag, one.Content.Length,
            one.LastModified, one.IsDeleteMarker, isLatest, "STANDARD")
        {
            Obstacle = Refuses(one.Key) is { InListing: true } refusal ? refusal.Problem : null,
        };
}
