using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Kube.Core;

namespace ByokOperator.Keys;

/// <summary>What opens a store asks here right before it acts: is this key usable at this moment,
/// and is it the same key (law 4).</summary>
internal sealed class KeyProofGuard(OperatorContext around, KeyRecords records, KeySnapshotCache board)
{
    /// <summary>
    /// Uses the key once more. Throws <see cref="RefusedActException"/> unless it proves itself on the stored canary
    /// and, where a pin is given, is the key of that pin; and unless every other key that objects of the store stand
    /// under does the same for its own pin.
    /// </summary>
    public async Task<KeyRef> DemandAsync(EncryptedStore store, KeyPin? pin, CancellationToken cancellation) =>
        (await ProveAsync(store, pin, cancellation)).Reference;

    /// <summary>Throws while a rotation of the key waits for a confirmation that the stores' workloads wait for too. Of
    /// a store that goes nobody has to confirm anything.</summary>
    public async Task DemandConfirmedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "");
        var key = await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation);
        if (store.Metadata.DeletionTimestamp is not null || key is null || !key.Spec.ConfirmsVersions
            || key.Spec.Rotation.WhileUnconfirmed == KeyRotation.Continue)
        {
            return;
        }

        var region = board.Find(address)?.Regions.GetValueOrDefault(StorePlace.Of(store.Spec).KeyRegion);
        if (region is not { Unconfirmed: { Blindness: null } known }
            || (known.ForDisplay() is { } waiting && waiting.Version != key.Spec.Rotation.ConfirmedVersion))
        {
            throw new RefusedActException(VersionWatch.NotConfirmed,
                "the key was rotated, or nobody can tell, and nobody confirmed the version that is current: the "
                    + "workloads stand still");
        }
    }

    /// <summary>As <see cref="DemandAsync"/>.</summary>
    /// <returns>The key's object, the key itself without its version,
    /// and the canary that it proved itself on.</returns>
    public async Task<ProvedKey> ProveAsync(EncryptedStore store, KeyPin? pin, CancellationToken cancellation)
    {
        var proved = await ProveAsync(store, store.Spec.KeyRef?.Name ?? "", pin, cancellation);
        foreach (var other in around.Cluster.RecordOf(store).Trusted?.AlsoPinned ?? [])
        {
            await ProveAsync(store, other.Name, KeyPin.Of(other.Pin), cancellation);
        }

        return proved;
    }

    /// <summary>The same of one key of the store's namespace, and of no other.</summary>
    public async Task<ProvedKey> ProveAsync(
        EncryptedStore store, string name, KeyPin? pin, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", name);
        var key = await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation)
            ?? throw new RefusedActException("KeyNotFound", $"the key object {name} is not there");
        var place = StorePlace.Of(store.Spec);
        var region = board.Find(address)?.Regions.GetValueOrDefault(place.KeyRegion);
        if (key.Spec.State == KeyStates.Revoked || region is null)
        {
            throw new RefusedActException("KeyNotUsable", $"the key {name} is not usable at this moment");
        }

        var record = await records.ReadAsync(key, cancellation);
        var canary = record.Fault is { } fault ? throw new RefusedActException(fault.Reason, fault.Message)
            : record.Trusted?.In(place.KeyRegion).Canary?.ToCanary()
            ?? throw new RefusedActException("CanaryNotStored",
                $"the key {name} has no stored canary to prove itself on");
        if (pin is not null && !StoredCanary.Of(canary).Pin.IsSameKeyAs(pin))
        {
            throw new RefusedActException("KeyReplaced", $"the key {name} is not the one that this was decided on");
        }

        var reference = KeyRefs.Of(key, place.KeyRegion, region.KeyId, canary);
        var proof = await around.Cloud.Keys.ProveAsync(reference, canary.Context, canary, cancellation);
        return proof.Verdict == KeyVerdict.Usable ? new(key, reference with { Id = reference.Identity }, canary)
            : throw new RefusedActException(proof.Reason, proof.Message);
    }
}

/// <summary>A key that was usable a moment ago.</summary>
/// <param name="Object">As the API server had it.</param>
/// <param name="Reference">Without its version.</param>
/// <param name="Canary">What it proved itself on.</param>
internal sealed record ProvedKey(TenantEncryptionKey Object, KeyRef Reference, Canary Canary)
{
    public KeyPin Pin => StoredCanary.Of(Canary).Pin;
}
