using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kube.Core.Kinds;

namespace Kube.Core;

/// <summary>
/// Only the metadata of a <typeparamref name="TKind"/>. The server leaves everything else out, so a Secret's content
/// never reaches a cache. For get, list, watch and JSON patch; never apply one.
/// </summary>
public sealed record PartialObject<TKind> : IResource<PartialObject<TKind>>
    where TKind : class, IResource<TKind>
{
    private static readonly JsonTypeInfo<PartialObject<TKind>> typeInfo =
        JsonMetadataServices.CreateValueInfo<PartialObject<TKind>>(
            new JsonSerializerOptions { TypeInfoResolver = CoreJson.Default }, new Converter());

    static ResourceKind IResource<PartialObject<TKind>>.Kind => TKind.Kind;

    static JsonTypeInfo<PartialObject<TKind>> IResource<PartialObject<TKind>>.Json => typeInfo;

    static bool IResource<PartialObject<TKind>>.MetadataOnly => true;

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>An open generic has no source-generated serializer;
    /// this lends it the one of its closed shape.</summary>
    private sealed class Converter : JsonConverter<PartialObject<TKind>>
    {
        public override PartialObject<TKind>? Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, CoreJson.Default.MetadataEnvelope) is { } envelope
                ? new PartialObject<TKind> { Metadata = envelope.Metadata ?? new() }
                : null;

        public override void Write(Utf8JsonWriter writer, PartialObject<TKind> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(
                writer, new MetadataEnvelope { Metadata = value.Metadata }, CoreJson.Default.MetadataEnvelope);
    }
}
