using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;
using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>One tenant's data, encrypted under one key.</summary>
public sealed record EncryptedStore : IResource<EncryptedStore>
{
    public static ResourceKind Kind { get; } = new("byok.dev", "v1alpha1", "EncryptedStore", "encryptedstores");

    public static JsonTypeInfo<EncryptedStore> Json => ApiJson.Default.EncryptedStore;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public EncryptedStoreSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonConverter(typeof(StatusJson<EncryptedStoreStatus>))]
    public EncryptedStoreStatus? Status { get; init; }

    /// <summary>No object of the cluster: what the operator's record says of one that is gone.</summary>
    [JsonIgnore]
    internal bool IsRecordedOnly { get; init; }

    /// <summary>Whose it is: as recorded when it was put somewhere, before that as the platform says now. Empty where
    /// the namespace is nobody's.</summary>
    [JsonIgnore]
    internal string Tenant { get; init; } = "";

    /// <summary>Uid of the first object that had what this one took back, or may take back;
    /// null where this is the first.</summary>
    [JsonIgnore]
    internal string? Origin { get; init; }

    /// <summary>Which of its buckets the data is in: a change of key may have moved it to another one.</summary>
    [JsonIgnore]
    internal int Number { get; init; } = DerivedNames.First;

    /// <summary>What names in the clouds are made of: it stays the same when
    /// another object takes the place of this one.</summary>
    [JsonIgnore]
    internal string Identity => Origin ?? Metadata.Uid ?? "";

    /// <summary>Of the key that its spec names; of no key where it names none.</summary>
    [JsonIgnore]
    internal ObjectKey KeyAddress => new(Metadata.Namespace ?? "", Spec.KeyRef?.Name ?? "");
}
