using System.Text.Json;
using ByokOperator.Cluster;
using ByokOperator.Places;
using Cloud;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>Objects as an adapter or a worker with a bug takes them.</summary>
internal sealed class LyingData(IObjectData real, Seeding seeding, World world) : IObjectData
{
    private readonly Dictionary<(string, string), Mark?> seen = [];

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        real.ListVersionsAsync(store, prefix, afterKey, cancellation)
            .Where(version => seeding.Lists(version.Key, version.IsLatest));

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        try
        {
            return await real.CopyAsync(order, cancellation);
        }
        catch (CloudException refused) when (seeding.Bug == Bug.WeakerWriteWhenKeyIsOff
            && refused.Problem is CloudProblem.KeyUnusable)
        {
            var target = world.Account.Buckets[order.Target.Name];
            var written = target.Write(
                world.Account.Buckets[order.Source.Name].Of(order.Version.Key)[^1] with { KeyId = "aws/s3" });
            return new CopyResult(written.VersionId, written.ETag, order.Key.Id, null);
        }
    }

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        await real.HeadAsync(store, key, versionId, cancellation) is { } facts
            ? seeding.Bug == Bug.HeadTellsTheNewKey ? facts with { KeyId = world.Account.Buckets[store.Name].KeyId }
                : facts
            : null;

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        real.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        real.MarkDeletedAsync(store, key, cancellation);

    public async Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation)
    {
        await real.DeleteVersionsAsync(store, versions, cancellation);
        if (seeding.Bug == Bug.DeletesByPrefixWithoutSlash && store.Name == World.SharedBucket
            && versions is [{ Key: var key }, ..])
        {
            var bucket = world.Account.Buckets[store.Name];
            bucket.Under(key[..key.IndexOf('/', StringComparison.Ordinal)]).ToList().ForEach(bucket.Remove);
        }
    }

    public async Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        if (seeding is { Bug: Bug.ActsWithoutPrecondition, IsActing: true }
            && seen.TryGetValue((store.Name, key), out var old))
        {
            return old;
        }

        var mark = seen[(store.Name, key)] = await real.ReadMarkAsync(store, key, cancellation);
        return seeding.Bug switch
        {
            Bug.OldKeyUnpinnedBeforeZero or Bug.OneShardsCensusCountsForAll or Bug.AnotherRunsCensusCounts
                when Census.Of(key) is { } census =>
                census.Read(seeding.Bug, world.Account.Buckets[store.Name], mark),
            Bug.NoServedMark
                when (key.EndsWith("served.json", StringComparison.Ordinal)
                    || key.EndsWith("receipt.json", StringComparison.Ordinal)) && IsUnbound(store) => null,
            Bug.ReopenOnAnotherKey when mark is not null && key.EndsWith("pin.json", StringComparison.Ordinal)
                && seeding.Proved is { } proved =>
                mark with { Content = JsonSerializer.SerializeToUtf8Bytes(proved, MarkJson.Default.KeyPin) },
            _ => mark,
        };
    }

    public async Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation)
    {
        try
        {
            return await real.WriteMarkAsync(store, key, content, encryption,
                seeding.Bug == Bug.ActsWithoutPrecondition || seeding.Bug == Bug.NoServedMark ? null
                    : ifMatch, cancellation);
        }
        catch (CloudException refused) when (seeding.Bug == Bug.WeakerWriteWhenKeyIsOff
            && refused.Problem is CloudProblem.KeyUnusable)
        {
            return world.Account.Buckets[store.Name]
                .Write(
                    new Entry(key, ++world.Account.Made, null, "aws/s3", 0,
                        world.Now) { Content = content.ToArray() }).ETag;
        }
    }

    private bool IsUnbound(StoreRef store) =>
        world.Homes.Find(home => home.TargetName == store.Name) is { } home && world.People.Binding(home) is null;
}
