using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;
using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>A key and the tenant's will about it.</summary>
public sealed record TenantEncryptionKey : IResource<TenantEncryptionKey>
{
    public static ResourceKind Kind { get; } =
        new("byok.dev", "v1alpha1", "TenantEncryptionKey", "tenantencryptionkeys");

    public static JsonTypeInfo<TenantEncryptionKey> Json => ApiJson.Default.TenantEncryptionKey;

    static IReadOnlyList<string> IResource<TenantEncryptionKey>.Salvaged =>
        [RevocationFields.State, RevocationFields.Confirm];

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public TenantEncryptionKeySpec Spec { get; init => field = value ?? new(); } = new();

    [JsonConverter(typeof(StatusJson<TenantEncryptionKeyStatus>))]
    public TenantEncryptionKeyStatus? Status { get; init; }

    /// <summary>No object of the cluster: what the operator's record says of one that is gone.</summary>
    [JsonIgnore]
    internal bool IsRecordedOnly { get; init; }

    /// <summary>Whose it is: as recorded when it was begun, before that as the platform says now.
    /// Empty where the namespace is nobody's.</summary>
    [JsonIgnore]
    internal string Tenant { get; init; } = "";

    /// <summary>Uid of the first object that had what this one took back, or may take back;
    /// null where this is the first.</summary>
    [JsonIgnore]
    internal string? Origin { get; init; }

    /// <summary>What names in the clouds are made of: it stays the same when
    /// another object takes the place of this one.</summary>
    [JsonIgnore]
    internal string Identity => Origin ?? Metadata.Uid ?? "";
}
