using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Api;
using Kube.Core.Json;

namespace ByokOperator.Records;

/// <summary>
/// Where a store was put, under which key, and what closing needs to know of it. Written once before anything is made
/// in a cloud; it stands until the place is really gone, whatever becomes of the object.
/// </summary>
internal sealed record StoreRecord : IRecord<StoreRecord>
{
    /// <summary>Labels: which key's records a live look lists. Each key's uid makes one of its own,
    /// for a label holds one value.</summary>
    public const string KeyLabelPrefix = "byok.dev/key.";

    public const string KeyLabelValue = "pinned";

    /// <summary>What a label's name has room for behind the prefix; uids of an API server have 36 letters.</summary>
    private const int LongestLabelledUid = 59;

    /// <summary>Label: what a live look for the stores in one bucket or account lists; a digest,
    /// for those names are longer than a label.</summary>
    public const string PlaceLabel = "byok.dev/place";

    public static string Kind => "store";

    public static JsonTypeInfo<StoreRecord> Json => RecordJson.Default.StoreRecord;

    /// <summary>Whose the namespace was when the store was put; the data stays that tenant's.</summary>
    public string Tenant { get; init => field = value ?? ""; } = "";

    public string Namespace { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Of the store's object; what the place's ownership tag says.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>Of the first object that had the place, which names are made of;
    /// null where that is the owner.</summary>
    public string? Origin { get; init; }

    /// <summary>The place was an earlier object's, and is this one's for good: tag and mark say so.</summary>
    public bool IsTakenBack { get; init; }

    /// <summary>Of the key object that it was put under. The key's name is <see cref="StoredPlace.KeyName"/>.</summary>
    public string KeyUid { get; init => field = value ?? ""; } = "";

    public StoredPlace? Place { get; init; }

    /// <summary>The place's full name: a bucket, or <c>account/container</c>.</summary>
    public string Target { get; init => field = value ?? ""; } = "";

    /// <summary>Which of the store's buckets <see cref="Target"/> is.</summary>
    public int Number { get; init => field = Math.Max(value, DerivedNames.First); } = DerivedNames.First;

    /// <summary>A second bucket, while the data moves from one to the other. The store is open only while the key of
    /// either is usable, and closed with both.</summary>
    public StoreBucket? Other { get; init; }

    /// <summary>A copy of the pin that stands beside the data; null until a key was pinned.</summary>
    public StoreRecordPin? Pin { get; init; }

    /// <summary>
    /// Further keys that objects stand under. The store is open only while each of them is usable and is the same key,
    /// so that the order of the list says nothing.
    /// </summary>
    public IReadOnlyList<StoreRecordKey> AlsoPinned { get; init => field = Entries.Of(value); } = [];

    /// <summary>Id of the key that the data was moved here under, which receipts name for good;
    /// null where that is the key of today.</summary>
    public string? MovedUnder { get; init; }

    /// <summary>When the object was made: a place that was left keeps its turn among the tenant's stores. Null:
    /// before all of them.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Since when the data stands without an object that asks for it.</summary>
    public DateTimeOffset? RetainedSince { get; init; }

    /// <summary>Since when the place gives no answer.</summary>
    public DateTimeOffset? UnseenSince { get; init; }

    /// <summary>Null where it was never seen closed.</summary>
    public StoreClosure? Closure { get; init; }

    /// <summary>What a closing took out of the place's policy, to be put back on opening: the policy's text.</summary>
    public string? SetAside { get; init; }

    /// <summary>What the cloud took no more of it on opening, with its code; until the next closing.</summary>
    public IReadOnlyList<string> NotPutBack { get; init => field = Entries.Of(value); } = [];

    /// <summary>Ids of the grants that this operator made for the store, by key id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Grants { get; init =>
        field = Entries.Of(value) ?? NoGrants; } = NoGrants;

    /// <summary>When a fence was last lifted because its bound had passed.</summary>
    public DateTimeOffset? FenceLiftedAt { get; init; }

    /// <summary>Null where its data does not go back to the shared place.</summary>
    public StoreReturn? Return { get; init; }

    [JsonIgnore]
    public RecordOwner Owner => new(Namespace, Name, Uid);

    /// <summary>As <see cref="EncryptedStore.Identity"/>.</summary>
    [JsonIgnore]
    public string Identity => Origin ?? Uid;

    /// <summary>Which key its default is on.</summary>
    [JsonIgnore]
    public RecordOwner KeyOwner => new(Namespace, Place?.KeyName ?? "", KeyUid);

    /// <summary>Every key that has to be usable for it to be open.</summary>
    [JsonIgnore]
    public IEnumerable<RecordOwner> KeyOwners =>
        AlsoPinned.Select(key => new RecordOwner(Namespace, key.Name, key.Uid)).Prepend(KeyOwner);

    /// <summary>The full names of all that data of the store may stand in.</summary>
    [JsonIgnore]
    public IEnumerable<string> Targets => Other is { } other ? [Target, NameOf(other)] : [Target];

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> NoGrants { get; } =
        new Dictionary<string, IReadOnlyList<string>>();

    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Labels => new Dictionary<string, string>(
        KeyOwners.Select(key => key.Uid).Where(uid => uid.Length is > 0 and <= LongestLabelledUid).Distinct()
            .Select(uid => KeyValuePair.Create(KeyLabelOf(uid), KeyLabelValue)))
    {
        [PlaceLabel] = PlaceOf(StorePlace.HolderOf(Target)),
    };

    public static string KeyLabelOf(string uid) => KeyLabelPrefix + uid;

    /// <summary>Something of it stands under the key object of this uid.</summary>
    public bool IsUnder(string uid) => uid.Length > 0 && KeyOwners.Any(key => key.Uid == uid);

    public static string PlaceOf(string holder) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(holder)))[..32];

    public static StoreRecord New(RecordOwner owner) =>
        new() { Namespace = owner.Namespace, Name = owner.Name, Uid = owner.Uid };

    /// <summary>A store that is put somewhere, in the words of its spec.</summary>
    public StoreRecord PutBy(
        EncryptedStoreSpec spec, string tenant, string keyUid, int number = DerivedNames.First) =>
        this with
        {
            Tenant = tenant,
            KeyUid = keyUid,
            Place = StoredPlace.Of(spec),
            Number = number,
            Target = StorePlace.Of(spec).NameFor(tenant, Identity, number),
        };

    private string NameOf(StoreBucket other) => Place is null ? ""
        : StorePlace.Of(Place.Restore(new())).NameFor(Tenant, Identity, other.Number);

    public IEnumerable<string> Faults() => StoreRecordRules.Check(this);
}

/// <summary>A pin as it is recorded.</summary>
internal sealed record StoreRecordPin(string KeyId, string? MaterialId, string CanaryDigest);

/// <summary>
/// The last closing of a store that was seen to be done, and its end. On record, so that nobody's copy of a status, nor
/// a restart, makes it begin or end anew.
/// </summary>
/// <param name="ClosedAt">When the store was first seen shut.</param>
/// <param name="ReopenedAt">When it was first seen to serve again; null while it is closed.</param>
internal sealed record StoreClosure(DateTimeOffset ClosedAt, DateTimeOffset? ReopenedAt = null);

/// <summary>A key besides the one that a store's default is on, that objects of it stand under or may soon.</summary>
/// <param name="Name">Of the key's object, in the store's namespace.</param>
/// <param name="Uid">Of that object; empty where nobody knew it.</param>
/// <param name="Pin">Which key it has to be.</param>
internal sealed record StoreRecordKey(string Name, string Uid, StoreRecordPin Pin)
{
    /// <summary>One of <see cref="PinStages"/>; what nothing is said of is only held on to.</summary>
    public string Stage { get; init => field = value ?? PinStages.Refused; } = PinStages.Refused;

    /// <summary>When it got to where it is, where that counts.</summary>
    public DateTimeOffset? Since { get; init; }

    [JsonIgnore]
    public bool IsAdmitted => PinStages.IsAdmitted(Stage);
}
