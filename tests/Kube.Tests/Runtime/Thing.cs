using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core;

namespace Kube.Tests.Runtime;

/// <summary>A kind of its own, with a status.</summary>
internal sealed record Thing : IResource<Thing>
{
    public static ResourceKind Kind { get; } = new("tests.example", "v1", "Thing", "things");

    public static JsonTypeInfo<Thing> Json => ThingJson.Default.Thing;

    static IReadOnlyList<string> IResource<Thing>.Salvaged => ["status.note"];

    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = Kind.ApiVersion;

    [JsonPropertyName("kind")]
    public string KindName { get; set; } = Kind.Kind;

    public ObjectMeta Metadata { get; set; } = new();

    public string? Spec { get; init; }

    public ThingStatus? Status { get; init; }

    public static Thing Named(string name, string version = "1", string ns = "n") =>
        new()
        {
            Metadata =
                new() { Namespace = ns, Name = name, ResourceVersion = version, Uid = $"uid-{name}", Generation = 1 },
        };
}

internal sealed record ThingStatus
{
    public string? Note { get; init; }

    public IReadOnlyList<Condition> Conditions { get; set; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Thing))]
internal sealed partial class ThingJson : JsonSerializerContext;
