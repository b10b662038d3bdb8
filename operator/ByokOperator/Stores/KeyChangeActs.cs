using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;
using Cloud;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Stores;

/// <summary>Performs a change of key, one word on record after the other.
/// The store itself follows the record as it follows any drift.</summary>
internal sealed class KeyChangeActs(
    OperatorContext around, KeyProofGuard gate, StoreMarks marks, LeadershipFence leadership)
{
    private readonly StoreRecords records = new(around);
    private readonly AuthorityGate authority = new(around);
    private readonly PinnedBeside beside = new(around, marks, leadership);
    private readonly ReencryptionActs reencryption = new(around, gate, leadership);

    public Task PerformAsync(EncryptedStore store, KeyChangeAct act, CancellationToken cancellation) => act switch
    {
        KeyChangeAct.PinNewKey pin => PinAsync(store, pin, cancellation),
        KeyChangeAct.Unpin unpin => UnpinAsync(store, unpin, cancellation),
        KeyChangeAct.Admit admit => AdmitAsync(store, admit, cancellation),
        KeyChangeAct.Redirect redirect => RedirectAsync(store, redirect, cancellation),
        KeyChangeAct.StartOverlap start =>
            StageAsync(store, start.Name, PinStages.Leaving,
                key => key with { Since = key.Since ?? around.Time.GetUtcNow() }, cancellation),
        KeyChangeAct.Refuse refuse => RefuseAsync(store, refuse, cancellation),
        KeyChangeAct.AbortUploads abort => reencryption.AbortUploadsAsync(store, abort, cancellation),
        KeyChangeAct.StartReencryption start => reencryption.StartAsync(store, start, cancellation),
        KeyChangeAct.StopReencryption stop => reencryption.StopAsync(store, stop, cancellation),
        KeyChangeAct.Release release => ReleaseAsync(store, release, cancellation),
        KeyChangeAct.ReleaseAll release => ReleaseAllAsync(store, release, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    private async Task PinAsync(EncryptedStore store, KeyChangeAct.PinNewKey pin, CancellationToken cancellation)
    {
        var (active, proved) = await ProveAsync(store, pin.Name, pin.Pin, cancellation);
        if (proved.Object.Metadata.DeletionTimestamp is not null || proved.Object.Spec.State != KeyStates.Active)
        {
            throw new RefusedActException("NewKeyNotUsable", $"the key {pin.Name} is not Active, or is being deleted");
        }

        var known = Recorded(store);
        if (known.AlsoPinned.All(key => key.Name != pin.Name) && await WantedAsync(store, cancellation) != pin.Name)
        {
            throw new RefusedActException("SpecChanged", "spec.keyRef does not name this key any more");
        }

        await authority.DemandAsync(around.Cluster.Standing(proved.Object), cancellation);
        var entry = new StoreRecordKey(pin.Name, proved.Object.Metadata.Uid ?? "",
            StoreRecords.Recorded(proved.Pin)!) { Stage = PinStages.Pinned };
        await records.ChangeKeysAsync(store, record => PinnedKeyEdits.Joined(record, entry), cancellation);
        var movedUnder = known.MovedUnder ?? active.Reference.Identity;
        await beside.EditAsync(store, active,
            mark => mark.With(entry.Name, proved.Canary) with { MovedUnder = mark.MovedUnder ?? movedUnder },
            cancellation);
    }

    // The record says that nothing was admitted yet, so nothing stands under it: the policy never named it.
    private async Task UnpinAsync(EncryptedStore store, KeyChangeAct.Unpin unpin, CancellationToken cancellation)
    {
        await DemandGoneBackAsync(store, cancellation);
        var left = Find(store, unpin.Name, PinStages.Pinned);
        if (Recorded(store).Other is not null)
        {
            throw new RefusedActException("ChangeUnderWay", "copies stand under the key in the store's next bucket");
        }

        // the other may be lost for good
        var active = await gate.ProveAsync(store, store.Spec.KeyRef?.Name ?? "", Recorded(store).Pin is { } pin
            ? KeyPin.Of(pin) : null, cancellation);
        await beside.EditAsync(store, active, mark => mark.Without(left.Pin.KeyId), cancellation);
        await beside.RevokeGrantAsync(store, left.Pin.KeyId, cancellation);
        await records.ChangeKeysAsync(store, record => PinnedKeyEdits.Left(record, unpin.Name, PinStages.Pinned),
            cancellation);
    }

    private async Task AdmitAsync(EncryptedStore store, KeyChangeAct.Admit admit, CancellationToken cancellation)
    {
        await DemandWantedAsync(store, cancellation);
        await ProveAsync(store, admit.Name, admit.Pin, cancellation);
        await beside.DemandAsync(store, admit.Pin, cancellation);
        leadership.ThrowIfLost();
        await records.ChangeKeysAsync(store,
            record => record.Other is not null
                || record.AlsoPinned.Any(key => key.Name != admit.Name && key.Stage != PinStages.Refused)
                ? throw new RefusedActException("ChangeUnderWay", "another change of key is under way")
                : PinnedKeyEdits.Staged(record, admit.Name,
                    key =>
                        key.Stage is PinStages.Leaving ? throw PinnedKeyEdits.Elsewhere(key)
                            : key with { Stage = PinStages.Admitted, Since = null }), cancellation);
    }

    private async Task RedirectAsync(
        EncryptedStore store, KeyChangeAct.Redirect redirect, CancellationToken cancellation)
    {
        await DemandWantedAsync(store, cancellation);
        var (_, proved) = await ProveAsync(store, redirect.Name, redirect.Pin, cancellation);
        await authority.DemandAsync(around.Cluster.Standing(proved.Object), cancellation);
        await beside.DemandAsync(store, redirect.Pin, cancellation);
        var (places, seen) = await DescribeAsync(store, cancellation);
        if (seen is not { Ownership: StoreOwnership.Ours, IsDenied: false, Drift: [] }
            || !places.Admits.Any(key => key.Id == redirect.Pin.KeyId))
        {
            throw new RefusedActException("NotAdmitted", "the store is not seen to be open and to admit both keys");
        }

        leadership.ThrowIfLost();
        await records.ChangeKeysAsync(store,
            record => PinnedKeyEdits.Redirected(record, redirect, proved, places.Key.Identity),
            cancellation);
    }

    private async Task RefuseAsync(EncryptedStore store, KeyChangeAct.Refuse refuse, CancellationToken cancellation)
    {
        var (live, now) = (await records.LiveAsync(store, cancellation), around.Time.GetUtcNow());
        if (Recorded(store).AlsoPinned.Any(key => key.Name == refuse.Name && key.Stage == PinStages.Admitted))
        {
            await DemandGoneBackAsync(store, cancellation);
        }

        var isRewrapped = StorePlace.Of(store.Spec).Cloud == StorePlace.Azure;
        if (Recorded(store).AlsoPinned.Any(key => key.Name == refuse.Name && key.Stage == PinStages.Refused)
            && !isRewrapped)
        {
            await reencryption.DemandRefusedAsync(store, cancellation);
        }

        // Where objects have keys of their own the time is written down once the store is seen to refuse: see above.
        await StageAsync(store, refuse.Name, stage: null, key => key.Stage switch
        {
            PinStages.Refused => key with { Since = key.Since ?? now },
            PinStages.Admitted => key with { Stage = PinStages.Refused, Since = isRewrapped ? now : null },
            PinStages.Leaving when isRewrapped
                || key.Since + live.Spec.Rotation.OverlapOrDefault <= now =>
                    key with { Stage = PinStages.Refused, Since = isRewrapped ? now : null },
            _ => throw new RefusedActException("Overlap", "spec.rotation.overlap is not over"),
        }, cancellation);
    }

    private async Task ReleaseAsync(EncryptedStore store, KeyChangeAct.Release release, CancellationToken cancellation)
    {
        var left = Find(store, release.Name, PinStages.Refused);
        var active = await gate.ProveAsync(store, pin: null, cancellation);
        var (places, seen) = await DescribeAsync(store, cancellation);
        if (seen is not { Ownership: StoreOwnership.Ours } || RootKeys.Of(places.Target.Cloud, seen) is not { } root
            || !root.Equals(active.Reference.Identity, StringComparison.OrdinalIgnoreCase)
            || root.Equals(left.Pin.KeyId, StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedActException("OldKeyInUse",
                "it is not seen that nothing stands under the old key any more");
        }

        await LetGoAsync(store, active, [left], cancellation);
    }

    private async Task ReleaseAllAsync(
        EncryptedStore store, KeyChangeAct.ReleaseAll release, CancellationToken cancellation)
    {
        await reencryption.DemandUnusedAsync(store, release.Run, cancellation);
        await LetGoAsync(store, await gate.ProveAsync(store, pin: null, cancellation),
            [.. Recorded(store).AlsoPinned.Where(key => key.Stage == PinStages.Refused)], cancellation);
    }

    private async Task LetGoAsync(
        EncryptedStore store, ProvedKey active, IReadOnlyList<StoreRecordKey> left, CancellationToken cancellation)
    {
        await beside.EditAsync(store, active,
            mark => left.Aggregate(mark, (standing, key) => standing.Without(key.Pin.KeyId)), cancellation);
        foreach (var key in left)
        {
            await beside.RevokeGrantAsync(store, key.Pin.KeyId, cancellation);
        }

        leadership.ThrowIfLost();
        await records.ChangeKeysAsync(store,
            record =>
                left.Aggregate(record, (standing, key) => PinnedKeyEdits.Left(standing, key.Name, PinStages.Refused)),
            cancellation);
    }

    private Task StageAsync(
        EncryptedStore store, string name, string? stage, Func<StoreRecordKey, StoreRecordKey> edit,
        CancellationToken cancellation)
    {
        leadership.ThrowIfLost();
        return records.ChangeKeysAsync(store,
            record =>
                PinnedKeyEdits.Staged(record, name,
                    key => stage is not null && key.Stage != stage ? throw PinnedKeyEdits.Elsewhere(key) : edit(key)),
                    cancellation);
    }

    private StoreRecord Recorded(EncryptedStore store) =>
        around.Cluster.RecordOf(store).Trusted
            ?? throw new RefusedActException("RecordNotAuthentic", "the store has no record of this operator's own");

    private StoreRecordKey Find(EncryptedStore store, string name, string stage) =>
        Recorded(store).AlsoPinned.FirstOrDefault(key => key.Name == name) is { } found
            ? found.Stage == stage ? found : throw PinnedKeyEdits.Elsewhere(found)
            : throw new RefusedActException("KeyNotPinned", $"the key {name} is not on the store's list");

    /// <returns>The store's own key, and the other; every key on the list was proved.</returns>
    private async Task<(ProvedKey Active, ProvedKey New)> ProveAsync(
        EncryptedStore store, string name, KeyPin pin, CancellationToken cancellation) =>
        (await gate.ProveAsync(store, pin: null, cancellation), await gate.ProveAsync(store, name, pin, cancellation));

    private async Task<string?> WantedAsync(EncryptedStore store, CancellationToken cancellation) =>
        (await records.LiveAsync(store, cancellation)).Spec.KeyRef?.Name;

    /// <summary>A third name holds nothing up; the one that the store stands under takes the change back.</summary>
    private async Task DemandWantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await WantedAsync(store, cancellation) == store.Spec.KeyRef?.Name)
        {
            throw new RefusedActException("SpecChanged", "spec.keyRef names the key again that the store stands under");
        }
    }

    private async Task DemandGoneBackAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await WantedAsync(store, cancellation) != store.Spec.KeyRef?.Name)
        {
            throw new RefusedActException("SpecChanged",
                "spec.keyRef does not name the key any more that the store stands under");
        }
    }

    private async Task<(StorePlaces Places, StoreDescription Seen)> DescribeAsync(
        EncryptedStore store, CancellationToken cancellation)
    {
        var active = await gate.ProveAsync(store, pin: null, cancellation);
        var places = StorePlaces.Of(store, around.Cluster.Standing(active.Object), around.Cluster);
        return (places, await around.Cloud.Stores.DescribeAsync(places.Spec(versioned: false), cancellation));
    }
}
