using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Kube.Core;

/// <summary>Picks short texts out of JSON whatever else stands in it.
/// Its own memory is bounded by what it is asked for.</summary>
internal static class TolerantRead
{
    /// <summary>Deeper than any server nests; a reader keeps one bit for each level.</summary>
    public const int MaxDepth = 20_000;

    /// <summary>A name holds 253 characters, a uid 36; a longer text is none of those.</summary>
    private const int LongestText = 253;

    private static readonly string[] addressPaths =
        ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
            "metadata.deletionTimestamp"];

    /// <summary>Reads what is too deep for a serializer too, so that it can be walked past.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>What stands at these paths as a text or a number; what stands there otherwise is left out.</summary>
    /// <param name="json">An object, well-formed.</param>
    /// <param name="paths">Names with dots between; no index.</param>
    public static IReadOnlyDictionary<string, string> Texts(in ReadOnlySequence<byte> json, IReadOnlyList<string> paths)
    {
        var found = new Dictionary<string, string>();
        var reader = new Utf8JsonReader(json, Options);
        if (paths.Count > 0 && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Walk(ref reader, "", paths, found);
        }

        return found;
    }

    /// <summary>Which object it is, field by field.</summary>
    public static ObjectMeta Address(in ReadOnlySequence<byte> json)
    {
        var found = Texts(json, addressPaths);
        string? At(string field) => found.GetValueOrDefault("metadata." + field);
        return new ObjectMeta
        {
            Name = At("name") ?? "",
            Namespace = At("namespace"),
            Uid = At("uid"),
            ResourceVersion = At("resourceVersion"),
            Generation = long.TryParse(At("generation"), NumberStyles.None, CultureInfo.InvariantCulture,
                out var generation) ? generation : null,
            DeletionTimestamp = Times.TryParse(At("deletionTimestamp"), out var time) ? time : null,
        };
    }

    /// <summary>As deep as the paths are, and no deeper.</summary>
    private static void Walk(
        ref Utf8JsonReader reader, string above, IReadOnlyList<string> paths, Dictionary<string, string> found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var path = above + (Text(ref reader) ?? "?");
            reader.Read();
            if (paths.Contains(path) && Text(ref reader) is { } text)
            {
                found[path] = text;
            }
            else if (reader.TokenType == JsonTokenType.StartObject
                && paths.Any(wanted => wanted.StartsWith(path + ".", StringComparison.Ordinal)))
            {
                Walk(ref reader, path + ".", paths, found);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > LongestText
            || reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number))
        {
            return null;
        }

        try
        {
            return reader.TokenType == JsonTokenType.Number
                ? System.Text.Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray()
                    : reader.ValueSpan.ToArray())
                : reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, or bytes that are no UTF-8
        }
    }
}
