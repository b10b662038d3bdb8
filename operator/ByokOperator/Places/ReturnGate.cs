using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>What every act of a return asks right before it acts, live: the record, the consent, the hold. And the
/// record's words of how far it is.</summary>
internal sealed class ReturnGate(OperatorContext around)
{
    private readonly StoreRecords records = new(around);
    private readonly StoreLiveReads live = new(around);

    /// <summary>The way back, as recorded.</summary>
    /// <param name="store">Whose.</param>
    /// <param name="at">Its places, and the shared one.</param>
    /// <param name="leadsOn">Up to the switch that takes the consent,
    /// and the hold on the place that it began behind.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task<MoveRoute> RouteAsync(
        EncryptedStore store, (StorePlaces Places, SharedRef Shared) at, bool leadsOn, CancellationToken cancellation)
    {
        var record = await live.RecordAsync(store, cancellation);
        if (record is not { Return: { Hold: { } hold } back, Pin: { } pin })
        {
            throw new RefusedActException("ReturnNotBegun", "no return to the shared place is on record");
        }

        if (leadsOn && back.ServedAt is null)
        {
            await DemandConsentAsync(store, cancellation);
            if ((await around.Cloud.Stores.DescribeSharedAsync(at.Shared, at.Places.ReturnHold,
                cancellation)).Fence != hold)
            {
                throw new RefusedActException("SharedPlaceNotHeld",
                    "the hold on the shared place is not the one that the return began behind");
            }
        }

        return MoveRoute.Back(at.Places, at.Shared, back, KeyPin.Of(pin));
    }

    /// <summary>The spec names no key, and the consent is typed for this store and this key.</summary>
    public async Task DemandConsentAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (!await IsWantedAsync(store, cancellation))
        {
            throw new RefusedActException("ReturnNotConfirmed",
                "spec.keyRef names a key again, the store's deletion does not ask for it, or the consent to the "
                    + "return is gone");
        }
    }

    /// <summary>What is only to be planned is not begun.</summary>
    public async Task DemandNotPlannedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await live.FindAsync(store, cancellation) is { Spec.Migration.Mode: MigrationPolicy.Plan })
        {
            throw new RefusedActException("ReturnPlanned", "spec.migration.mode is Plan: nothing is moved back");
        }
    }

    /// <summary>The store is deleted, and what it has goes back first: by consent, and once readers were switched
    /// whatever becomes of that.</summary>
    public async Task<bool> GoesBackAsync(EncryptedStore store, CancellationToken cancellation) =>
        await live.FindAsync(store, cancellation) is { } found && IsDeletedBack(found)
            && (IsConsented(found, StoreNames.ReturnConsent(store))
                || (await records.ReadAsync(RecordOwner.Of(store.Metadata), cancellation)).Trusted?.Return
                    is { ServedAt: not null });

    /// <summary>Nobody wants it any more, or the store goes.</summary>
    public async Task DemandUnwantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (await IsWantedAsync(store, cancellation))
        {
            throw new RefusedActException("ReturnWanted",
                "spec.keyRef names no key or the store's deletion asks for the return, and the consent to it stands");
        }
    }

    public Task ServedAsync(
        EncryptedStore store, StoreReturn back, ServedMark served, CancellationToken cancellation) =>
        EditAsync(store, back, known => known with { Receipt = served.Receipt, ServedAt = served.At }, cancellation);

    public Task RetiredAsync(EncryptedStore store, StoreReturn back, string receipt, CancellationToken cancellation) =>
        EditAsync(
            store, back,
            known =>
                known.Receipt == receipt && known.ServedAt is not null
                    ? known with { RetiredAt = around.Time.GetUtcNow() } : throw Changed(),
            cancellation);

    /// <param name="store">Whose.</param>
    /// <param name="back">As this was decided on; null where none is on record.</param>
    /// <param name="edit">Null takes it off the record.</param>
    /// <param name="cancellation">As everywhere.</param>
    public Task EditAsync(
        EncryptedStore store, StoreReturn? back, Func<StoreReturn, StoreReturn?> edit,
        CancellationToken cancellation) => records.ChangeKeysAsync(
        store,
        record =>
            record.Return == back
                ? record with { Return = edit(back ?? new StoreReturn(StoreNames.ReturnConsent(store))) }
                : throw Changed(),
        cancellation);

    private static RefusedActException Changed() =>
        new("ReturnChanged", "the return on record is not the one that this was decided on");

    private async Task<bool> IsWantedAsync(EncryptedStore store, CancellationToken cancellation) =>
        await live.FindAsync(store, cancellation) is { } found && IsAskedBy(found)
            && IsConsented(found, StoreNames.ReturnConsent(store));

    public static bool IsAskedBy(EncryptedStore written) =>
        written.Metadata.DeletionTimestamp is null ? written.Spec.KeyRef is null : IsDeletedBack(written);

    /// <summary>The data is to go back to the shared place before the object goes.</summary>
    public static bool IsDeletedBack(EncryptedStore written) =>
        written is { Metadata.DeletionTimestamp: not null, Spec.DeletionPolicy: DeletionPolicies.ReturnToShared };

    /// <summary>It is typed, for this store and this key.</summary>
    public static bool IsConsented(EncryptedStore written, string consent) =>
        written.Metadata.Annotations?.GetValueOrDefault(Labels.ConfirmReturn) == consent;
}
