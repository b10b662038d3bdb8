using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;
using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>What the platform gave a tenant. Written by the platform alone;
/// keys and stores are wishes within it.</summary>
public sealed record Tenant : IResource<Tenant>
{
    public static ResourceKind Kind { get; } = new("byok.dev", "v1alpha1", "Tenant", "tenants", Namespaced: false);

    public static JsonTypeInfo<Tenant> Json => ApiJson.Default.Tenant;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public TenantSpec Spec { get; init => field = value ?? new(); } = new();

    [JsonConverter(typeof(StatusJson<TenantStatus>))]
    public TenantStatus? Status { get; init; }
}
