using System.Text.Json;
using System.Text.Json.Serialization;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>
/// The <c>&lt;store&gt;-place</c> ConfigMap: where the store was put. A server without CEL lets anybody change the fields that
/// say so; without this record closing would look for the tenant's data where it never was. It stands in an annotation, so
/// that a metadata-only watch tells it.
/// </summary>
internal static class PlaceMap
{
    public const string ChildKind = "place";
    public const string PlaceAnnotation = "byok.dev/place";

    public static string NameFor(string storeName) => storeName + "-place";

    public static ConfigMap Build(EncryptedStore store) => new()
    {
        Metadata = Children.Meta(store, NameFor(store.Metadata.Name), ChildKind) with
        {
            Annotations = new Dictionary<string, string>
            {
                [PlaceAnnotation] = JsonSerializer.Serialize(StoredPlace.Of(store.Spec), PlaceJson.Default.StoredPlace),
            },
        },
    };

    /// <summary>Null where none is recorded for the object with this UID, and where somebody edited the record into nonsense.</summary>
    public static StoredPlace? Read(ObjectMeta? map, string? ownerUid) =>
        map?.OwnerReferences?.Any(owner => owner.Uid == ownerUid) == true ? Read(map) : null;

    /// <summary>Whoever it belongs to.</summary>
    public static StoredPlace? Read(ObjectMeta map)
    {
        if (map.Labels?.GetValueOrDefault(Children.ChildLabel) != ChildKind || map.Annotations?.GetValueOrDefault(PlaceAnnotation) is not { } json)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json, PlaceJson.Default.StoredPlace);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredPlace))]
internal sealed partial class PlaceJson : JsonSerializerContext;
