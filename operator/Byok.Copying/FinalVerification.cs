using System.Runtime.CompilerServices;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// The delta's last step: the live listing of the target against the whole manifest. Every entry must stand there with
/// its version, size and order; versions that no entry knows (copies whose answer was lost) are removed one by one.
/// </summary>
internal sealed class FinalVerification(IObjectData data, CopyOptions options)
{
    /// <summary>How far the worker's clock, which dated the run's start, may be from the store's.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly ObjectOrder order = ObjectOrder.Of(options.Target.Cloud);
    private readonly OwnCopies own = new(data, options.Source, options.To);
    private readonly List<ObjectVersion> orphans = [];
    private long removed;

    /// <summary>Returns how many strays were removed.</summary>
    /// <param name="oursSince">When the bulk run began.</param>
    /// <exception cref="CopyMismatchException">An entry does not stand,
    /// or something stands there that this migration did not write.</exception>
    public async Task<long> RunAsync(ManifestTail tail, DateTimeOffset oursSince, CancellationToken cancellation)
    {
        var manifest = new ManifestReader(data, options.Marks, options.Fingerprint, options.Shard);
        await using var target =
            ObjectStream<ObjectVersion>.Over(OfShard(cancellation), version => version.Key, order, cancellation);
        await using var entries = ObjectStream<ManifestEntry>.Over(
            manifest.ReadAsync(tail.Chunks, tail.Digest, fromKey: null, cancellation), entry => entry.Key, order,
            cancellation);
        while (true)
        {
            var standing = await target.PeekAsync();
            var verified = await entries.PeekAsync();
            if ((standing ?? verified) is null)
            {
                await RemoveAsync(cancellation);
                return removed;
            }

            var key = verified is null || (standing is not null && order.Compare(standing, verified) < 0) ? standing!
                : verified;
            Compare(key, await target.TakeAsync(key), await entries.TakeAsync(key), oursSince);
            if (orphans.Count >= SourceRetirement.BatchSize)
            {
                await RemoveAsync(cancellation);
            }
        }
    }

    private void Compare(
        string key, List<ObjectVersion> standing, List<ManifestEntry> entries, DateTimeOffset oursSince)
    {
        standing.Reverse();
        var next = 0;
        foreach (var version in standing)
        {
            if (next < entries.Count && entries[next].IsStoredAs(version))
            {
                next++;
            }
            else if (entries.Count > 0
                || (options.Return is null && version.LastModified >= oursSince - ClockTolerance))
            {
                orphans.Add(version);
            }
            else
            {
                throw new CopyMismatchException(options.Return is null
                    ? $"the target holds '{key}' from before this migration, and the source does not have it"
                    : $"the shared place holds '{key}', and the store does not have it: somebody wrote it there; move "
                        + "it away, or delete it");
            }
        }

        if (next < entries.Count)
        {
            throw new CopyMismatchException(
                $"'{key}' does not stand in the target as it was copied (version {next + 1} of {entries.Count})");
        }
    }

    private async Task RemoveAsync(CancellationToken cancellation)
    {
        foreach (var batch in orphans.Chunk(SourceRetirement.BatchSize))
        {
            await own.DemandAsync(batch, byName: false, cancellation);
            await data.DeleteVersionsAsync(options.To, batch, cancellation);
            removed += batch.Length;
        }

        orphans.Clear();
    }

    private async IAsyncEnumerable<ObjectVersion> OfShard([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var version
            in TenantListing.OfAsync(data, options.Target, options.Prefix, afterKey: null, cancellation))
        {
            if (ObjectShard.Of(version.Key, options.Shards) == options.Shard)
            {
                yield return version;
            }
        }
    }
}
