using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>What runs.</summary>
public sealed record Pod : IResource<Pod>
{
    public static ResourceKind Kind { get; } = new("", "v1", "Pod", "pods");

    public static JsonTypeInfo<Pod> Json => CoreJson.Default.Pod;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public PodSpec? Spec { get; init; }

    public PodStatus? Status { get; init; }
}

public sealed record PodStatus
{
    public string? Phase { get; init; }
}
