using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Returning;

/// <summary>Performs what a return does beside the move: the hold on the shared place, its beginning and its end. Every
/// precondition is looked at live.</summary>
internal sealed class ReturnActs(
    OperatorContext around, KeyProofGuard gate, TargetActs target, LeadershipFence leadership)
{
    private readonly ReturnGate returns = new(around);
    private readonly StoreLiveReads live = new(around);
    private readonly ReturnPlaces shared = new(around);
    private readonly ReturnEnding ending = new(around, target, leadership);
    private readonly PlaceClearing clearing = new(around, leadership);

    public Task PerformAsync(EncryptedStore store, ReturnAct act, CancellationToken cancellation) => act switch
    {
        ReturnAct.Intend intend => IntendAsync(store, intend, cancellation),
        ReturnAct.HoldPlace hold => HoldAsync(store, hold, cancellation),
        ReturnAct.Begin begin => BeginAsync(store, begin, cancellation),
        ReturnAct.ClearPlace clear => ClearAsync(store, clear, cancellation),
        ReturnAct.ReleasePlace release => ReleaseAsync(store, release, cancellation),
        ReturnAct.GiveUp give => GiveUpAsync(store, give, cancellation),
        ReturnAct.DeleteStore delete => ending.DeleteAsync(store, delete, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    private async Task IntendAsync(EncryptedStore store, ReturnAct.Intend intend, CancellationToken cancellation)
    {
        await DemandConsentAsync(store, intend.Consent, cancellation);
        await returns.DemandNotPlannedAsync(store, cancellation);
        await returns.EditAsync(store, back: null, intended => intended with { Consent = intend.Consent },
            cancellation);
    }

    private async Task HoldAsync(EncryptedStore store, ReturnAct.HoldPlace hold, CancellationToken cancellation)
    {
        await DemandConsentAsync(store, hold.Consent, cancellation);
        var record = await live.RecordAsync(store, cancellation);
        if (record.Return is not { Hold: null })
        {
            throw new RefusedActException("ReturnBegun",
                "a return was begun behind a hold, or none is on record: no other hold is raised");
        }

        var (places, place) = await PlacesAsync(store, cancellation);
        await gate.DemandAsync(store, PinOf(record), cancellation);
        await ReadyAsync(places, place, cancellation);
        leadership.ThrowIfLost();
        await around.Cloud.Stores.RaiseFenceAsync(place, places.ReturnHold, cancellation);
    }

    private async Task BeginAsync(EncryptedStore store, ReturnAct.Begin begin, CancellationToken cancellation)
    {
        await DemandConsentAsync(store, begin.Consent, cancellation);
        var record = await live.RecordAsync(store, cancellation);
        var (places, place) = await PlacesAsync(store, cancellation);
        await gate.DemandAsync(store, PinOf(record), cancellation);
        var seen = await ReadyAsync(places, place, cancellation);
        if (seen.Hold != begin.Hold || seen.Default != begin.Default)
        {
            throw new RefusedActException("SharedPlaceChanged",
                "the shared place is not held, or encrypts, as it did when this was decided");
        }

        await OutsidePrefix.DemandNothingAsync(around.Cloud.Objects, MoveRoute.SourceOf(places, place), cancellation);
        if (record.Return is not { Hold: null } known)
        {
            throw new RefusedActException("ReturnBegun", "a return was begun already, or none is on record");
        }

        leadership.ThrowIfLost();
        await returns.EditAsync(
            store, known, // as it stood before the looks: one that changed since is refused
            intended =>
                intended with
                {
                    Hold = begin.Hold,
                    Encryption = begin.Default.Algorithm,
                    KeyId = begin.Default.KeyId,
                    BucketKey = begin.Default.BucketKey,
                    BegunAt = around.Time.GetUtcNow(),
                },
            cancellation);
    }

    private async Task ClearAsync(EncryptedStore store, ReturnAct.ClearPlace clear, CancellationToken cancellation)
    {
        await returns.DemandUnwantedAsync(store, cancellation);
        var (places, place) = await PlacesAsync(store, cancellation);
        if ((await live.RecordAsync(store, cancellation)).Return is not { ServedAt: null } back
            || back.Hold != clear.Hold)
        {
            throw new RefusedActException("ReturnNotBegun",
                "no return that began behind this hold is on record, or readers are on what it brought");
        }

        await live.DemandNoCopyAsync(store, cancellation);
        await clearing.ClearAsync(places, place, clear.Hold, cancellation);
    }

    private async Task ReleaseAsync(
        EncryptedStore store, ReturnAct.ReleasePlace release, CancellationToken cancellation)
    {
        var (places, place) = await PlacesAsync(store, cancellation);
        var seen = await around.Cloud.Stores.DescribeSharedAsync(place, places.ReturnHold, cancellation);
        if (seen.Fence != release.Token)
        {
            throw new RefusedActException("FenceChanged",
                "the hold on the shared place is not the one this was decided on");
        }

        var back = (await live.RecordAsync(store, cancellation)).Return;
        if (back is { ServedAt: null })
        {
            await returns.DemandUnwantedAsync(store, cancellation);
            DemandCleared(back, seen);
        }

        leadership.ThrowIfLost();
        await around.Cloud.Stores.LiftFenceAsync(place, places.ReturnHold, cancellation);
    }

    private async Task GiveUpAsync(EncryptedStore store, ReturnAct.GiveUp give, CancellationToken cancellation)
    {
        await returns.DemandUnwantedAsync(store, cancellation);
        var (places, place) = await PlacesAsync(store, cancellation);
        var seen = await around.Cloud.Stores.DescribeSharedAsync(place, places.ReturnHold, cancellation);
        if ((await live.RecordAsync(store, cancellation)).Return is not { ServedAt: null } back
            || back.Consent != give.Consent || seen.Fence is not null)
        {
            throw new RefusedActException("HoldStands",
                "the shared place is held still, or the return is not the one that this was decided on");
        }

        await live.DemandNoCopyAsync(store, cancellation);
        DemandCleared(back, seen);
        await returns.EditAsync(store, back, _ => null, cancellation);
    }

    /// <summary>The place as it stands, and encrypts, now.</summary>
    private async Task<ReturnPlace> ReadyAsync(StorePlaces places, SharedRef place, CancellationToken cancellation)
    {
        var keepsVersions =
            (await around.Cloud.Stores.DescribeAsync(places.Spec(versioned: false), cancellation)).KeepsVersions;
        var seen = await shared.LookAsync(places, place, isOnRecord: false, keepsVersions, cancellation);
        return seen.Unready("take the return back") is { } unready
            ? throw new RefusedActException(unready.Reason, unready.Message) { NeedsPerson = unready.NeedsPerson }
            : seen;
    }

    private static void DemandCleared(StoreReturn back, SharedDescription seen)
    {
        if (back.Hold is not null && !seen.IsEmpty)
        {
            throw new RefusedActException("CopiesStand", "what the return copied stands in the shared place still");
        }
    }

    private async Task DemandConsentAsync(EncryptedStore store, string consent, CancellationToken cancellation)
    {
        await returns.DemandConsentAsync(store, cancellation);
        if (StoreNames.ReturnConsent(store) != consent)
        {
            throw new RefusedActException("SpecChanged",
                "the store stands under another key than the one that was consented for");
        }
    }

    private static KeyPin PinOf(StoreRecord record) =>
        record.Pin is { } pin ? KeyPin.Of(pin)
            : throw new RefusedActException("PinMissing", "no key is pinned on record");

    private async Task<(StorePlaces Places, SharedRef Shared)> PlacesAsync(
        EncryptedStore store, CancellationToken cancellation)
    {
        var places = await target.PlacesAsync(store, cancellation);
        return (places, places.Shared
            ?? throw new RefusedActException("SpecChanged", "the spec names no shared place"));
    }
}
