using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>
/// Counts what stands under which key. A listing names no keys and a HEAD per object would cost as much as the copy
/// did, so the manifest is joined in: a version whose id the worker recorded is immutable and still under the key that
/// the copy's answer named. Only what came later is asked for. It proves the key of every version listed while
/// <see cref="CensusResult.Unasked"/> is zero; it says nothing of uploads that were never completed.
/// </summary>
public sealed class Census(IObjectData data)
{
    /// <summary>HEAD requests in one census: at 16 side by side well under a minute.</summary>
    public const int DefaultQuestions = 10_000;

    private const int QuestionsAtOnce = 16;

    public async Task<CensusResult> CountAsync(CensusOrder order, int questions, CancellationToken cancellation)
    {
        var keyId = order.RootKey ?? await FindKeyAsync(order, cancellation);
        var keyOrder = ObjectOrder.Of(order.Store.Cloud);
        var count = new Count();
        await using var entries =
            ObjectStream<ManifestEntry>.Over(Entries(order, cancellation), entry => entry.Key, keyOrder, cancellation);
        await using var standing = ObjectStream<ObjectVersion>.Over(
            TenantListing.OfAsync(data, order.Store, prefix: "", afterKey: null, cancellation),
            version => version.Key,
            keyOrder,
            cancellation);

        List<ObjectVersion> unknown = [];
        while (await standing.PeekAsync() is { } key)
        {
            var versions = await standing.TakeAsync(key);
            var recorded = await entries.TakeAsync(key);
            foreach (var version in versions)
            {
                Sort(version, recorded, keyId, count, unknown);
            }

            if (unknown.Count >= QuestionsAtOnce)
            {
                await AskAsync(order, unknown, questions, count, cancellation);
            }
        }

        await AskAsync(order, unknown, questions, count, cancellation);
        return count.ToResult();
    }

    private static void Sort(
        ObjectVersion version, List<ManifestEntry> recorded, string? keyId, Count count, List<ObjectVersion> unknown)
    {
        if (version.IsDeleteMarker)
        {
            count.DeleteMarkers++;
        }
        else if (recorded.Any(entry => entry.IsStoredAs(version)))
        {
            count.Verified++;
            count.Add(keyId, version.Size);
        }
        else
        {
            unknown.Add(version);
        }
    }

    private async Task AskAsync(
        CensusOrder order, List<ObjectVersion> unknown, int questions, Count count, CancellationToken cancellation)
    {
        var allowed = (int)Math.Min(unknown.Count, Math.Max(0, questions - count.Asked));
        count.Unasked += unknown.Count - allowed;
        foreach (var group in unknown.Take(allowed).Chunk(QuestionsAtOnce))
        {
            var answers = await Task.WhenAll(
                group.Select(version => data.HeadAsync(order.Store, version.Key, version.VersionId, cancellation)));
            foreach (var facts in answers.OfType<ObjectFacts>())
            {
                count.Add(facts.KeyId, facts.Size);
            }

            count.Asked += group.Length;
        }

        unknown.Clear();
    }

    private async Task<string?> FindKeyAsync(CensusOrder order, CancellationToken cancellation) =>
        order.Fingerprint is { } fingerprint
            ? (await new ManifestReader(data, order.Store, fingerprint, shard: 0).ReadDoneAsync(cancellation))?.KeyId
            : null;

    private IAsyncEnumerable<ManifestEntry> Entries(CensusOrder order, CancellationToken cancellation) =>
        order.Fingerprint is { } fingerprint
            ? new MergedManifest(data, order.Store, fingerprint, order.Shards).ReadAsync(fromKey: null, cancellation)
            : AsyncEnumerable.Empty<ManifestEntry>();

    private sealed class Count
    {
        private readonly Dictionary<string, (long Objects, long Bytes)> byKey = new(StringComparer.Ordinal);

        public long DeleteMarkers { get; set; }

        public long Verified { get; set; }

        public long Asked { get; set; }

        public long Unasked { get; set; }

        public void Add(string? keyId, long bytes)
        {
            var (objects, sum) = byKey.GetValueOrDefault(keyId ?? "");
            byKey[keyId ?? ""] = (objects + 1, sum + bytes);
        }

        public CensusResult ToResult() => new(
            [
                .. byKey.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry =>
                        new CensusCount(entry.Key.Length == 0 ? null
                            : entry.Key, entry.Value.Objects, entry.Value.Bytes)),
            ],
            DeleteMarkers,
            Verified,
            Asked,
            Unasked);
    }
}

/// <summary>What stands under one key.</summary>
/// <param name="KeyId">Full id; null for what is under no key of a tenant.</param>
/// <param name="Objects">All versions with content.</param>
public sealed record CensusCount(string? KeyId, long Objects, long Bytes);

/// <summary>A store to count: all of it but our own marks,
/// for workloads may write beside the prefix that was moved.</summary>
/// <param name="Store">The bucket, or the account's container.</param>
/// <param name="Fingerprint">The run whose manifest tells the key of what it wrote;
/// null when nothing was migrated.</param>
/// <param name="Shards">Of that run.</param>
public sealed record CensusOrder(StoreRef Store, string? Fingerprint, int Shards)
{
    /// <summary>The key that everything in the store is under, whatever it was copied under;
    /// null where each object has a key of its own.</summary>
    public string? RootKey { get; init; }
}

/// <summary>A count of a store by key, and how it was come by.</summary>
/// <param name="DeleteMarkers">They have no content and so no key.</param>
/// <param name="Verified">Versions whose key the manifest tells.</param>
/// <param name="Asked">Versions whose key the store was asked for, one by one.</param>
/// <param name="Unasked">Versions beyond the limit of questions;
/// while this is not zero the census proves no absence.</param>
public sealed record CensusResult(
    IReadOnlyList<CensusCount> Counts, long DeleteMarkers, long Verified, long Asked, long Unasked);
