using System.Runtime.CompilerServices;
using Cloud.Objects;
using Cloud.Stores;

namespace Byok.Copying;

/// <summary>
/// The merge join: source, previous manifest and (near the checkpoint) target, in key order, this shard's keys only.
/// Each shard lists the whole prefix and drops what is not its own: with N shards N times the list requests, which at
/// 1,000 entries a request cost a thousandth of the copies; in return no shard depends on how keys are spread.
/// </summary>
internal sealed class ObjectFeed : IAsyncDisposable
{
    /// <summary>A key's versions are held together to be turned oldest first; this is some 20 MB of them.</summary>
    private const int MaxVersionsPerKey = 100_000;

    private readonly CopyOptions options;
    private readonly ObjectOrder order;
    private readonly string? afterKey;
    private readonly ObjectStream<ObjectVersion> source;
    private readonly ObjectStream<ManifestEntry> previous;
    private readonly ObjectStream<ObjectVersion> target;
    private int looksLeft;
    private bool isPositioned;

    public ObjectFeed(IObjectData data, CopyOptions options, ObjectFeedStart start, CancellationToken cancellation)
    {
        this.options = options;
        order = ObjectOrder.Of(options.Source.Cloud);
        afterKey = start.AfterKey;
        looksLeft = start.Looks;
        source = ObjectStream<ObjectVersion>.Over(OfShard(data, options.Source, cancellation), version => version.Key,
            order, cancellation);
        target = ObjectStream<ObjectVersion>.Over(OfShard(data, options.Target, cancellation), version => version.Key,
            order, cancellation);
        previous =
            ObjectStream<ManifestEntry>.Over(Entries(data, start.Previous, cancellation), entry => entry.Key, order,
                cancellation);
    }

    /// <summary>The next key that either the source has or the previous run verified; null at the end.</summary>
    public async Task<ObjectWork?> NextAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!isPositioned && afterKey is not null)
        {
            await previous.SkipThroughAsync(afterKey);
        }

        isPositioned = true;
        var fromSource = await source.PeekAsync();
        var fromPrevious = await previous.PeekAsync();
        if ((fromSource ?? fromPrevious) is null)
        {
            return null;
        }

        var key = fromPrevious is null || (fromSource is not null && order.Compare(fromSource, fromPrevious) <= 0)
            ? fromSource!
            : fromPrevious;
        var versions = await source.TakeAsync(key);
        if (versions.Count > MaxVersionsPerKey)
        {
            throw new InvalidDataException(
                $"'{key}' has more than {MaxVersionsPerKey} versions; delete old ones first");
        }

        versions.Reverse();
        return new ObjectWork(key, versions, await previous.TakeAsync(key), await LookAsync(key));
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await previous.DisposeAsync();
        await target.DisposeAsync();
    }

    private async Task<IReadOnlyList<ObjectVersion>?> LookAsync(string key)
    {
        if (looksLeft == 0)
        {
            return null;
        }

        looksLeft--;
        var standing = await target.TakeAsync(key);
        standing.Reverse();
        return standing;
    }

    private async IAsyncEnumerable<ObjectVersion> OfShard(
        IObjectData data, StoreRef store, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var version in TenantListing.OfAsync(data, store, options.Prefix, afterKey, cancellation))
        {
            if (ObjectShard.Of(version.Key, options.Shards) == options.Shard)
            {
                yield return version;
            }
        }
    }

    private IAsyncEnumerable<ManifestEntry> Entries(
        IObjectData data, ShardDone? done, CancellationToken cancellation) =>
        done is null
            ? AsyncEnumerable.Empty<ManifestEntry>()
            : new ManifestReader(data, options.Marks, done.Fingerprint, options.Shard).ReadAsync(done.Chunks,
                done.Digest, afterKey, cancellation);
}

/// <summary>Where a feed begins.</summary>
/// <param name="AfterKey">The checkpoint; null at the very beginning.</param>
/// <param name="Previous">The run to carry entries over from; null in a bulk run.</param>
/// <param name="Looks">For how many keys the target is looked at.</param>
internal sealed record ObjectFeedStart(string? AfterKey, ShardDone? Previous, int Looks);

/// <summary>One key as seen from all sides, each oldest first.</summary>
/// <param name="Target">Null beyond the reach of an interrupted attempt: nothing of ours but
/// <paramref name="Previous"/> can stand there.</param>
internal sealed record ObjectWork(
    string Key,
    IReadOnlyList<ObjectVersion> Source,
    IReadOnlyList<ManifestEntry> Previous,
    IReadOnlyList<ObjectVersion>? Target);
