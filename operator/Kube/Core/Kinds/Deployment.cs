using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>Only what scaling needs; never apply one whole.</summary>
public sealed record Deployment : IResource<Deployment>
{
    public static ResourceKind Kind { get; } = new("apps", "v1", "Deployment", "deployments");

    public static JsonTypeInfo<Deployment> Json => CoreJson.Default.Deployment;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ReplicaSpec? Spec { get; init; }
}

/// <summary>How many are wanted.</summary>
public sealed record ReplicaSpec
{
    public int? Replicas { get; init; }
}
