using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>Lists that stay consistent over their pages.</summary>
internal sealed class Lists(ObjectStore store)
{
    public byte[] Page(ApiRequest request, Resource resource, string? ns)
    {
        var limit = int.TryParse(request.Query("limit"), CultureInfo.InvariantCulture, out var asked) && asked > 0
            ? asked : int.MaxValue - 1;
        var (version, after) = Position(request.Query("continue"));
        var page = store.List(resource, version, after,
            Selectors.Parse(ns, request.Query("labelSelector"), request.Query("fieldSelector")), limit + 1);
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (page.Count > limit)
        {
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version}|{page[limit - 1].Key}"));
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", request.MetadataOnly ? "PartialObjectMetadataList" : resource.Kind + "List");
            writer.WriteString("apiVersion", request.MetadataOnly ? "meta.k8s.io/v1" : resource.ApiVersion);
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
            writer.WriteStartArray("items");
            foreach (var (_, item) in page.Take(limit))
            {
                writer.WriteRawValue(request.MetadataOnly ? item.Text.Partial
                    : item.Text.Whole, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private (long Version, string After) Position(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (store.Version, "");
        }

        var parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('|', 2);
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
    }
}
