using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>A store's spec in the clouds' terms.</summary>
/// <param name="Key">The key of the store's region, whatever version of it is held;
/// its id is empty where the key object is not there.</param>
/// <param name="Held">The same key, with the version that the store is to stand under where one is held.</param>
/// <param name="Shared">Null where the store has no shared place to come from.</param>
internal sealed record StorePlaces(
    StoreRef Target, KeyRef Key, KeyRef Held, SharedRef? Shared, string Owner, bool BucketKey)
{
    public static StorePlaces Of(EncryptedStore store, TenantEncryptionKey? key, ClusterView cluster)
    {
        var place = StorePlace.Of(store.Spec);
        var target = PlaceRefs.RefOf(place, StoreNames.Place(store));
        var held = HeldOf(store, key, place.KeyRegion, cluster);
        return new StorePlaces(
            target,
            held with { Id = held.Identity },
            held,
            PlaceRefs.SharedOf(store) is { } shared ? new SharedRef(shared, place.Shared!.Prefix) : null,
            store.Metadata.Uid ?? "",
            place.BucketKey)
        {
            Names = new StoreOwner(store.Tenant, store.Metadata.Namespace ?? "", store.Metadata.Name, store.Origin),
            Takes = TakesOf(store, cluster),
            Admits = [.. (cluster.RecordOf(store).Trusted?.AlsoPinned ?? []).Where(key => key.IsAdmitted)
                .Select(key => new KeyRef(place.KeyRegion, key.Pin.KeyId) { Cloud = target.Cloud })],
            MovedUnder = cluster.RecordOf(store).Trusted?.MovedUnder ?? held.Identity,
            Workloads = cluster.BindingOf(store.Tenant)?.Workloads,
        };
    }

    /// <summary>What the owner tag says beside the uid.</summary>
    public required StoreOwner Names { get; init; }

    /// <summary>As <see cref="StoreSpec.Takes"/>: a store that has its own place for good takes none,
    /// and nor does what is left of one.</summary>
    public string? Takes { get; init; }

    /// <summary>As <see cref="StoreSpec.Admits"/>.</summary>
    public IReadOnlyList<KeyRef> Admits { get; init; } = [];

    /// <summary>Id of the key that the data was moved here under: receipts and copies are named after it,
    /// whatever key the store is on since.</summary>
    public required string MovedUnder { get; init; }

    /// <summary>What fences are called after.</summary>
    public string Identity => Names.Origin ?? Owner;

    /// <summary>What fences on the shared place are called after while the store's data goes back there.</summary>
    public string ReturnHold => $"{Identity}/return";

    /// <summary>Null where the platform says nothing of the tenant any more.</summary>
    public DataPrincipal? Workloads { get; init; }

    /// <param name="versioned">Mirrors the source.</param>
    public StoreSpec Spec(bool versioned) =>
        new(Target, Owner, Held, BucketKey, versioned)
        {
            Names = Names,
            Takes = Takes,
            Workloads = Workloads,
            Admits = Admits,
        };

    /// <summary>Where an earlier store of the same names may have been put.</summary>
    public StoreSearch Search(EncryptedStore store, ClusterView cluster) => new(
        Target.Cloud == CloudKind.Aws ? DerivedNames.BucketPrefix(store.Tenant)
            : "", name => cluster.Records.PutIn(name).Any());

    private static string? TakesOf(EncryptedStore store, ClusterView cluster) =>
        store.IsRecordedOnly ? null : cluster.RecordOf(store) switch
        {
            Recorded<StoreRecord>.Absent => store.Origin ?? "",
            Recorded<StoreRecord>.Authentic { Record: { Origin: { } origin, IsTakenBack: false } } => origin,
            _ => null,
        };

    /// <summary>Where our records can't be read there is no key to know:
    /// following the newest version for that would undo a hold.</summary>
    private static KeyRef HeldOf(EncryptedStore store, TenantEncryptionKey? key, string region, ClusterView cluster)
    {
        var record = key is null ? new Recorded<KeyRecord>.Absent() : cluster.RecordOf(key);
        var id = record.Fault is not null && key?.Spec.HoldsVersion == true ? ""
            : StoreGrants.IdOf(store, key, region, cluster).ForDisplay() ?? "";
        return KeyRefs.Of(key, region, id, record.Trusted?.In(region).Canary?.ToCanary());
    }
}
