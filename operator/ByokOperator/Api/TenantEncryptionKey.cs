using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;

namespace ByokOperator.Api;

/// <summary>A key and the tenant's will about it.</summary>
public sealed record TenantEncryptionKey : IResource<TenantEncryptionKey>
{
    public static ResourceKind Kind { get; } = new("byok.dev", "v1alpha1", "TenantEncryptionKey", "tenantencryptionkeys");

    public static JsonTypeInfo<TenantEncryptionKey> Json => ApiJson.Default.TenantEncryptionKey;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init; } = Kind.Kind;

    public ObjectMeta Metadata { get; init; } = new();

    public TenantEncryptionKeySpec Spec { get; init; } = new();

    public TenantEncryptionKeyStatus? Status { get; init; }
}
