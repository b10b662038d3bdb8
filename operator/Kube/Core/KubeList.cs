using System.Buffers;
using System.Text.Json;
using Kube.Core.Kinds;

namespace Kube.Core;

/// <summary>One page of a list. All pages of one list show the collection at the same version.</summary>
public sealed record KubeList<T>(IReadOnlyList<T> Items, ListMeta Metadata)
    where T : class, IResource<T>
{
    public string ResourceVersion => Metadata.ResourceVersion ?? "";

    /// <summary>Where the next page begins; null on the last one.</summary>
    public string? Continue => string.IsNullOrEmpty(Metadata.Continue) ? null : Metadata.Continue;
}

/// <summary>Reads list pages; item by item, so that no list type needs a serializer of its own.</summary>
internal static class KubeList
{
    public static KubeList<T> Parse<T>(in ReadOnlySequence<byte> json)
        where T : class, IResource<T>
    {
        var reader = new Utf8JsonReader(json);
        var items = new List<T>();
        var metadata = new ListMeta();
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.ValueTextEquals("items"u8);
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isItems && reader.TokenType != JsonTokenType.Null)
            {
                ReadItems(ref reader, items);
            }
            else if (isMetadata)
            {
                metadata = JsonSerializer.Deserialize(ref reader, CoreJson.Default.ListMeta) ?? metadata;
            }
            else
            {
                reader.Skip();
            }
        }

        return new KubeList<T>(items, metadata);
    }

    private static void ReadItems<T>(ref Utf8JsonReader reader, List<T> items)
        where T : class, IResource<T>
    {
        Require(reader.TokenType == JsonTokenType.StartArray, "an array of items");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(JsonSerializer.Deserialize(ref reader, T.Json) ?? throw new JsonException("A list item is null."));
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new JsonException($"A list answer is not {what}.");
        }
    }
}
