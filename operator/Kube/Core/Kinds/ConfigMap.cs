using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>Plain configuration.</summary>
public sealed record ConfigMap : IResource<ConfigMap>
{
    public static ResourceKind Kind { get; } = new("", "v1", "ConfigMap", "configmaps");

    public static JsonTypeInfo<ConfigMap> Json => CoreJson.Default.ConfigMap;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
