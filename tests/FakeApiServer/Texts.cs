using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>Objects as they go over the wire. They are never changed in place, so each is written down once.</summary>
internal static class Texts
{
    private static readonly ConditionalWeakTable<JsonObject, byte[]> whole = [];
    private static readonly ConditionalWeakTable<JsonObject, byte[]> partial = [];

    public static byte[] Of(JsonObject json) => whole.GetValue(json, static one => Write(one));

    /// <summary>The metadata alone.</summary>
    public static byte[] PartialOf(JsonObject json) => partial.GetValue(json, static one => Write(Partial(one)));

    public static JsonObject Partial(JsonObject json) =>
        new() { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = json["metadata"]!.DeepClone() };

    private static byte[] Write(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.Default }))
        {
            json.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
