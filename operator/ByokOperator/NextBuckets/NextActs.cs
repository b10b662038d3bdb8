using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.NextBuckets;

/// <summary>Performs what a change of key by a move does beside the move: the next bucket, and the end of the other
/// one. Every precondition is looked at live; the record comes before the world.</summary>
internal sealed class NextActs(
    OperatorContext around, KeyProofGuard gate, StoreMarks marks, LeadershipFence leadership)
{
    /// <summary>Names that strangers took are passed over, so many at once.</summary>
    private const int MostTried = 10;

    private readonly NextGate next = new(around);
    private readonly StoreLiveReads live = new(around);
    private readonly BucketEnding ending = new(around, marks, leadership);
    private readonly PinnedBeside beside = new(around, marks, leadership);

    public Task PerformAsync(EncryptedStore store, NextAct act, CancellationToken cancellation) => act switch
    {
        NextAct.Intend intend => IntendAsync(store, intend, cancellation),
        NextAct.Prepare prepare => PrepareAsync(store, prepare, cancellation),
        NextAct.AllowOther allow => AllowAsync(store, allow, cancellation),
        NextAct.DeleteOther delete => ending.DeleteAsync(store, delete, cancellation),
        NextAct.GiveUp give => GiveUpAsync(store, give, cancellation),
        NextAct.Finish finish => ending.FinishAsync(store, finish, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    /// <summary>Closing: shuts the other bucket too, whatever becomes of the first.
    /// Nothing of the cluster is asked for.</summary>
    public async Task DenyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (StoreBuckets.OtherOf(store, around.Cluster) is not { } other)
        {
            return;
        }

        var trusted = around.Cluster.RecordOf(store).Trusted;
        var earlier = trusted?.Other?.SetAside;
        var order = new DenialOrder(IsRecorded: trusted is not null, earlier,
            (aside, stop) => next.KeepAsideAsync(store, earlier, aside, stop));
        var spec = StoreBuckets.PlacesOf(other, around.Cluster).Spec(versioned: false);
        if (await around.Cloud.Stores.DenyAsync(spec, order, cancellation) is { SetAside: { } late, IsKept: false })
        {
            await next.KeepAsideAsync(store, earlier, late, cancellation);
        }
    }

    private async Task IntendAsync(EncryptedStore store, NextAct.Intend intend, CancellationToken cancellation)
    {
        await next.DemandWantedAsync(store, cancellation);
        await gate.DemandAsync(store, pin: null, cancellation);
        await live.DemandNoCopyAsync(store, cancellation);
        var record = await live.RecordAsync(store, cancellation);
        var pinned = record.AlsoPinned is [{ Stage: PinStages.Pinned } only] && only.Name == intend.KeyName ? only
            : throw new RefusedActException("ChangeUnderWay",
                "the store's keys are not those that this was decided on");
        await beside.DemandAsync(store, KeyPin.Of(pinned.Pin), cancellation);
        await DemandMovedInAsync(store, cancellation);
        var number = await FreeAsync(store, record, cancellation);
        leadership.ThrowIfLost();
        await next.EditAsync(store, other: null,
            _ => new StoreBucket(number, pinned.Name, pinned.Pin.KeyId) { BegunAt = around.Time.GetUtcNow() },
            cancellation);
    }

    /// <summary>From then on nobody asks any more how far the move from the shared place is.</summary>
    private async Task DemandMovedInAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var places = StoreBuckets.PlacesOf(store, around.Cluster);
        if (places.Shared is not { } shared || store.Number != DerivedNames.First)
        {
            return;
        }

        if (await marks.RetiredAsync(places.Target, cancellation) is null
            || await around.Cloud.Stores.DescribeSharedAsync(shared, places.Identity, cancellation)
                is { Fence: not null } or { RisingFence: not null })
        {
            throw new RefusedActException("MoveUnderWay", "the move from the shared place is not at its end");
        }
    }

    private async Task<int> FreeAsync(EncryptedStore store, StoreRecord record, CancellationToken cancellation)
    {
        if (!StorePlace.Of(store.Spec).HasNext)
        {
            throw new RefusedActException("ReencryptionNotSupported", "the store's bucket has a name of its own");
        }

        foreach (var number in Enumerable.Range(record.Number + 1, MostTried)
            .Where(number => number <= StoreRecordRules.MaxNumber))
        {
            var places = StoreBuckets.PlacesOf(store with { Number = number }, around.Cluster);
            switch (await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: true), cancellation))
            {
                case StoreOwnership.Absent:
                    return number;
                case StoreOwnership.Ours:
                    throw new RefusedActException("NameTaken",
                        $"the bucket {places.Target.Name} bears this store's tag and no record speaks of it: see what "
                            + "is in it, and delete it") { NeedsPerson = true };
            }
        }

        throw new RefusedActException("NameTaken",
            $"the next {MostTried} names of buckets for this store are taken: free one of them") { NeedsPerson = true };
    }

    private async Task PrepareAsync(EncryptedStore store, NextAct.Prepare prepare, CancellationToken cancellation)
    {
        await next.DemandWantedAsync(store, cancellation);
        await gate.DemandAsync(store, pin: null, cancellation);
        var known = await next.KnownAsync(store, prepare.Number, cancellation);
        if (known.IsLeft)
        {
            throw new RefusedActException("MoveServed", "readers are on the next bucket by now");
        }

        var proved = await next.ProveAsync(store, known, gate, cancellation);
        var other = known.In(store);
        var places = StorePlaces.Of(other, around.Cluster.Standing(proved.Object), around.Cluster);
        leadership.ThrowIfLost();
        await around.Cloud.Stores.PrepareAsync(places.Spec(versioned: true), cancellation);
        if (await marks.PinAsync(places.Target, cancellation) is null)
        {
            await marks.PinAsync(places.Spec(versioned: true), PinMark.Of(proved.Pin, proved.Canary, other),
                proved.Reference, cancellation);
        }
    }

    private async Task AllowAsync(EncryptedStore store, NextAct.AllowOther allow, CancellationToken cancellation)
    {
        await gate.DemandAsync(store, pin: null, cancellation);
        var known = await next.KnownAsync(store, allow.Number, cancellation);
        var places = await next.OursAsync(known.In(store), cancellation);
        leadership.ThrowIfLost();
        var lost = await around.Cloud.Stores.AllowAsync(places.Spec(versioned: false), known.SetAside, cancellation);
        if (known.SetAside is { } aside)
        {
            await next.EditAsync(store, known, standing => standing!.SetAside != aside ? standing : standing with
            {
                SetAside = null,
                NotPutBack = [.. lost.Select(one => $"{one.What}: {one.Code}").Take(StoreRecordRules.MaxNotPutBack)],
            }, cancellation);
        }
    }

    private async Task GiveUpAsync(EncryptedStore store, NextAct.GiveUp give, CancellationToken cancellation)
    {
        var known = await next.KnownAsync(store, give.Number, cancellation);
        if (known.IsLeft)
        {
            throw new RefusedActException("MoveServed", "readers are on the next bucket by now");
        }

        await next.DemandUnwantedAsync(store, cancellation);
        await live.DemandNoCopyAsync(store, cancellation);
        var route = StoreBuckets.RouteOf(store, known, around.Cluster);
        var whose = await around.Cloud.Stores.OwnershipAsync(
            StoreBuckets.PlacesOf(known.In(store), around.Cluster).Spec(versioned: false), cancellation);
        if (whose != StoreOwnership.Absent)
        {
            throw new RefusedActException("NextBucketStands", "what was copied stands in the next bucket still");
        }

        leadership.ThrowIfLost();
        await around.Cloud.Stores.LiftFenceAsync(route.Source, route.Places.Identity, cancellation);
        await next.EditAsync(store, known, _ => null, cancellation);
    }
}
