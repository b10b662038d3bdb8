using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core.Json;

namespace ByokOperator.Records;

/// <summary>
/// What the operator keeps of a key: enough to go on asking it when the object is gone, the ciphertexts that prove it
/// to be the same key, and since when the answer is no or missing.
/// It stands in the operator's own namespace and never in what it guards.
/// </summary>
internal sealed record KeyRecord : IRecord<KeyRecord>
{
    public static string Kind => "key";

    public static JsonTypeInfo<KeyRecord> Json => RecordJson.Default.KeyRecord;

    /// <summary>Whose the namespace was when the key was begun; the first word counts.</summary>
    public string Tenant { get; init => field = value ?? ""; } = "";

    public string Namespace { get; init => field = value ?? ""; } = "";

    public string Name { get; init => field = value ?? ""; } = "";

    public string Uid { get; init => field = value ?? ""; } = "";

    /// <summary>Of the first object that had the keys of the platform's own, which their names are made of;
    /// null where that is the owner.</summary>
    public string? Origin { get; init; }

    /// <summary>The spec as it was last good, the tenant's will included;
    /// null until the key was first proved.</summary>
    public TenantEncryptionKeySpec? Spec { get; init; }

    /// <summary>By region, or <c>global</c> where one key serves all of them.</summary>
    public IReadOnlyDictionary<string, KeyRecordRegion> Regions { get; init =>
        field = Entries.Of(value) ?? NoRegions; } = NoRegions;

    /// <summary>Every material that the key is bound to, oldest first:
    /// it works with all of them or not at all.</summary>
    public IReadOnlyList<KeyRecordMaterial> Materials { get; init => field = Entries.Of(value); } = [];

    /// <summary>As <see cref="TenantEncryptionKey.Identity"/>.</summary>
    [JsonIgnore]
    public string Identity => Origin ?? Uid;

    [JsonIgnore]
    public RecordOwner Owner => new(Namespace, Name, Uid);

    /// <summary>Nothing was proved or made, and nothing taken back.</summary>
    [JsonIgnore]
    public bool IsBlank =>
        Origin is null && Materials.Count == 0
            && !Regions.Values.Any(region => region.Canary is not null || region.CreatingSince is not null);

    /// <summary>Keys of the platform's own stand for it, or may.</summary>
    [JsonIgnore]
    public bool IsImported =>
        Materials.Count > 0 || Spec?.Imported is not null
            || Regions.Values.Any(region => region.CreatingSince is not null);

    private static IReadOnlyDictionary<string, KeyRecordRegion> NoRegions { get; } =
        new Dictionary<string, KeyRecordRegion>();

    public static KeyRecord New(RecordOwner owner) =>
        new() { Namespace = owner.Namespace, Name = owner.Name, Uid = owner.Uid };

    public IEnumerable<string> Faults() => KeyRecordRules.Check(this);

    /// <summary>
    /// Bound to this material too, where it may be: the first one, a later generation's, and of keys that were taken
    /// back without their record one that nobody wrote down. What the key is bound to stays.
    /// </summary>
    public KeyRecord BoundTo(int generation, string fingerprint, DateTimeOffset now) =>
        Materials.Any(one => one.Fingerprint == fingerprint || one.Generation == generation)
            || (Origin is null && Materials is [.., var newest] && generation < newest.Generation)
            ? this
            : this with
            {
                Materials = [.. Materials.Append(new KeyRecordMaterial(generation, fingerprint, now))
                    .OrderBy(one => one.Generation)],
            };

    /// <summary>Empty where nothing is recorded of it.</summary>
    public KeyRecordRegion In(string region) => Regions.GetValueOrDefault(region) ?? KeyRecordRegion.Empty;

    public KeyRecord With(string region, Func<KeyRecordRegion, KeyRecordRegion> edit) => this with
    {
        Regions = new SortedDictionary<string, KeyRecordRegion>(Regions.ToDictionary(),
            StringComparer.Ordinal) { [region] = edit(In(region)) },
    };
}

/// <summary>One region of a key.</summary>
internal sealed record KeyRecordRegion
{
    public static readonly KeyRecordRegion Empty = new();

    public KeyRecordCanary? Canary { get; init; }

    /// <summary>
    /// The material that stores were let under last: a rotation that was followed, or one that somebody confirmed. Null
    /// before the first: what the canary was made with. What a status shows is nobody's word.
    /// </summary>
    public string? AcceptedVersion { get; init; }

    /// <summary>Since when nobody could be asked.</summary>
    public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>Since when the answer is no.</summary>
    public DateTimeOffset? RevokedSince { get; init; }

    /// <summary>When the canary was first stored: from then on stores could use the key.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>The last time that the answer was no, and is over; null where it never was.</summary>
    public KeyRecordSpan? LastRevocation { get; init; }

    /// <summary>Write-ahead note: since then a key may stand whose id nobody recorded.</summary>
    public DateTimeOffset? CreatingSince { get; init; }
}

/// <summary>Something that was so, and is over.</summary>
internal sealed record KeyRecordSpan(DateTimeOffset Since, DateTimeOffset Until);

/// <summary>A canary in the form it is stored in; ciphertexts in base64.</summary>
internal sealed record KeyRecordCanary(
    string KeyId, string? MaterialId, string Ciphertext, IReadOnlyDictionary<string, string> Context)
{
    public KeyRecordSuccessor? Successor { get; init; }

    public static KeyRecordCanary Of(Canary canary) => new(
        canary.KeyId, canary.MaterialId, Convert.ToBase64String(canary.Ciphertext.Span),
        new SortedDictionary<string, string>(canary.Context.ToDictionary(), StringComparer.Ordinal))
    {
        Successor = canary.Successor is { } successor
            ? new KeyRecordSuccessor(successor.MaterialId, Convert.ToBase64String(successor.Ciphertext.Span)) : null,
    };

    /// <summary>Of a canary that was read from a valid record, or written by <see cref="Text"/>.</summary>
    public Canary ToCanary() => new(KeyId, MaterialId, Convert.FromBase64String(Ciphertext), Context)
    {
        Successor = Successor is { } successor
            ? new CanarySuccessor(successor.MaterialId, Convert.FromBase64String(successor.Ciphertext))
            : null,
    };

    /// <summary>How an act carries it.</summary>
    public string Text() => JsonSerializer.Serialize(this, RecordJson.Default.KeyRecordCanary);

    public static KeyRecordCanary OfText(string text) =>
        JsonSerializer.Deserialize(text, RecordJson.Default.KeyRecordCanary)!;
}

/// <summary>What a rotated key made while its canary could still be decrypted.</summary>
internal sealed record KeyRecordSuccessor(string MaterialId, string Ciphertext);
