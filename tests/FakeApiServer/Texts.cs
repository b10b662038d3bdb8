using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>One version of an object as it goes over the wire, whole or its metadata alone. Written down once, for it
/// is never changed in place.</summary>
internal sealed class Texts(JsonObject json)
{
    public byte[] Whole => field ??= Of(json);

    public byte[] Partial => field ??= Of(PartialOf(json));

    public static JsonObject PartialOf(JsonObject json) =>
        new()
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = json["metadata"]!.DeepClone(),
        };

    public static byte[] Of(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
