using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Kinds;

/// <summary>Values are bytes; base64 exists only on the wire.</summary>
public sealed record Secret : IResource<Secret>
{
    public static ResourceKind Kind { get; } = new("", "v1", "Secret", "secrets");

    public static JsonTypeInfo<Secret> Json => CoreJson.Default.Secret;

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; init => field = value ?? Kind.ApiVersion; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; init => field = value ?? Kind.Kind; } = Kind.Kind;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public string? Type { get; init; }

    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    public bool? Immutable { get; init; }
}
