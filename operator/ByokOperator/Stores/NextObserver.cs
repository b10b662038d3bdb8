using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>Looks at a store's other bucket, and at the move between the two. Changes nothing.</summary>
internal sealed class NextObserver(OperatorContext around, TargetObserver targets, MigrationObserver migrations)
{
    /// <summary>Null where the record speaks of one bucket alone. Asks nobody.</summary>
    public static NextWorld? Near(EncryptedStore store, ClusterView cluster) =>
        StoreBuckets.KnownOf(store, cluster) is { } known
            ? new NextWorld { Known = known, Name = StoreNames.Place(known.In(store)) }
            : null;

    /// <summary>The other bucket as it stands, blind where there is none.</summary>
    public async Task<Fact<StoreDescription>> DescribeAsync(EncryptedStore store, NextWorld? near, Glance glance) =>
        near is not null && StoreBuckets.OtherOf(store, around.Cluster) is { } other
            ? await glance.OfAsync(cancellation =>
                around.Cloud.Stores.DescribeAsync(SpecOf(other, near), cancellation))
            : Fact.Blind<StoreDescription>("NoOther");

    /// <summary>What closing asks of it.</summary>
    public async Task<NextWorld?> FactsAsync(
        EncryptedStore store, NextWorld? near, Fact<StoreDescription> seen, bool isClosing, Glance glance)
    {
        if (near is null || StoreBuckets.OtherOf(store, around.Cluster) is not { } other)
        {
            return near;
        }

        var facts = seen.Select(one => new TargetFacts(one.Ownership, one.Drift, one.IsDenied));
        return near with
        {
            Other = isClosing && facts.Blindness is not null
                ? await targets.DenialAsync(SpecOf(other, near), facts, glance) : facts,
        };
    }

    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="world">What was seen of it so far.</param>
    /// <param name="binding">As it stands, wherever it leads.</param>
    /// <param name="seen">The store and its other bucket as they were described.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<StoreWorld> LookAsync(
        EncryptedStore store, StoreWorld world, Fact<BindingFacts?> binding,
        (Fact<StoreDescription> Own, Fact<StoreDescription> Other) seen, Glance glance)
    {
        if (world.Next is not { IsUnclear: false, Known: { } known } near
            || world is { ClosingSince: not null, IsDeleting: false, IsRecordedOnly: false })
        {
            return world; // of a store that goes, what it began is taken back, closed or not
        }

        var route = StoreBuckets.RouteOf(store, known, around.Cluster);
        var target = known.IsLeft ? seen.Own : seen.Other;
        var look = await migrations.LookNextAsync(store, route, target, glance);
        var wanted = known.IsLeft ? world.WantedBinding : Binding.ExpectedHash(known.In(store), known.KeyId);
        var move = look.ToWorld(store, route.Places, world) with
        {
            IsNext = true,
            Scope = route.Scope(store),
            Spec = StoreNames.NextSpec(store, route.Scope(store)),
            KeepSourceFor = store.Spec.Rotation.OverlapOrDefault,
            HoldsWorkloads = StoreVerdict.MayNotRun(world),
            Binding = known.IsLeft ? binding : binding.Select(found => found?.Content == wanted ? found : null),
            WantedBinding = wanted,
        };
        return world with
        {
            Next = near with
            {
                Move = move,
                IsPinned = known.IsLeft ? near.IsPinned
                    : (await targets.PinAsync(StoreBuckets.PlacesOf(known.In(store), around.Cluster), target, glance))
                        .Select(mark => mark is not null),
                Shown = look.Progress is { } progress
                    ? progress with { StartedAt = known.BegunAt ?? progress.StartedAt } : null,
            },
        };
    }

    /// <summary>What is copied is every version, so that the next bucket has to keep them.</summary>
    private StoreSpec SpecOf(EncryptedStore other, NextWorld near) =>
        StoreBuckets.PlacesOf(other, around.Cluster).Spec(versioned: !near.IsServed);
}
