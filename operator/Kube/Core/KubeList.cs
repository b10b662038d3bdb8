using System.Buffers;
using System.Text.Json;
using k8s.Models;
using Kube.Core.Kinds;

namespace Kube.Core;

/// <summary>One page of a list. All pages of one list show the collection at the same version.</summary>
public sealed record KubeList<T>(IReadOnlyList<T> Items, V1ListMeta Metadata)
    where T : class, IResource<T>
{
    /// <summary>What stands on the page and can't be read. Whoever counts objects has to count these.</summary>
    public IReadOnlyList<Quarantined> Unreadable { get; init; } = [];

    public string ResourceVersion => Metadata.ResourceVersion ?? "";

    /// <summary>Where the next page begins; null on the last one.</summary>
    public string? Continue => string.IsNullOrEmpty(Metadata.ContinueProperty) ? null : Metadata.ContinueProperty;
}

/// <summary>
/// Reads list pages; item by item, so that no list type needs a serializer of its own, and an item that can't be read
/// costs the page nothing but itself.
/// </summary>
internal static class KubeList
{
    public static KubeList<T> Parse<T>(in ReadOnlySequence<byte> json)
        where T : class, IResource<T>
    {
        var reader = new Utf8JsonReader(json, TolerantRead.Options);
        List<T> items = [];
        List<Quarantined> unreadable = [];
        var metadata = new V1ListMeta();
        Require(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.ValueTextEquals("items"u8);
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isItems && reader.TokenType != JsonTokenType.Null)
            {
                ReadItems(ref reader, json, items, unreadable);
            }
            else if (isMetadata)
            {
                metadata = JsonSerializer.Deserialize(ref reader, CoreJson.Default.V1ListMeta) ?? metadata;
            }
            else
            {
                reader.Skip();
            }
        }

        return new KubeList<T>(items, metadata) { Unreadable = unreadable };
    }

    private static void ReadItems<T>(
        ref Utf8JsonReader reader, in ReadOnlySequence<byte> json, List<T> items, List<Quarantined> unreadable)
        where T : class, IResource<T>
    {
        Require(reader.TokenType == JsonTokenType.StartArray, "an array of items");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var before = reader;
            try
            {
                items.Add(JsonSerializer.Deserialize(ref reader, T.Json) ?? throw new JsonException("null"));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                var start = before.TokenStartIndex;
                reader = before;
                reader.Skip(); // what is broken as JSON breaks the page here
                unreadable.Add(Quarantined.Of<T>(json.Slice(start, reader.BytesConsumed - start), failure));
            }
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
