using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Kube.Core.Kinds;

/// <summary>Who leads, by the clock of whoever watches it.</summary>
public sealed record Lease : IResource<Lease>
{
    public static ResourceKind Kind { get; } = new("coordination.k8s.io", "v1", "Lease", "leases");

    public static JsonTypeInfo<Lease> Json => CoreJson.Default.Lease;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public V1LeaseSpec Spec { get; init => field = value ?? new(); } = new();
}
