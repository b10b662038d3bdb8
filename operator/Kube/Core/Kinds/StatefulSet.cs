using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>Only what scaling needs; never apply one whole.</summary>
public sealed record StatefulSet : IResource<StatefulSet>
{
    public static ResourceKind Kind { get; } = new("apps", "v1", "StatefulSet", "statefulsets");

    public static JsonTypeInfo<StatefulSet> Json => CoreJson.Default.StatefulSet;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public ReplicaSpec? Spec { get; init; }
}
