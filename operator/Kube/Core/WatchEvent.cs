using System.Buffers;
using System.Text.Json;
using Kube.Core.Kinds;

namespace Kube.Core;

/// <summary>One line of a watch. ADDED and MODIFIED are the same to a level-triggered reader.</summary>
public abstract record WatchEvent<T>
    where T : class, IResource<T>
{
    private WatchEvent()
    {
    }

    /// <summary>The object stands as shown.</summary>
    public sealed record Changed(T Resource) : WatchEvent<T>;

    /// <summary>The object stands in a way that can't be read.</summary>
    public sealed record Unreadable(Quarantined Bad) : WatchEvent<T>;

    /// <summary>The object is gone (or left the selection), however unreadable it was.</summary>
    public sealed record Deleted(ObjectMeta Metadata) : WatchEvent<T>;

    /// <summary>Nothing changed up to this version.</summary>
    public sealed record Bookmark(string ResourceVersion) : WatchEvent<T>;

    /// <summary>The server ends the watch; <see cref="KubeStatus.IsExpired"/> means list again.</summary>
    public sealed record Failed(KubeStatus Status) : WatchEvent<T>;
}

/// <summary>Reads watch lines.</summary>
internal static class WatchEvent
{
    /// <summary>The event of one line; null for a type this client does not know.</summary>
    public static WatchEvent<T>? Parse<T>(ReadOnlySpan<byte> line)
        where T : class, IResource<T>
    {
        var (type, resource) = Split(line);
        return type switch
        {
            "ADDED" or "MODIFIED" => Read<T>(resource),
            "DELETED" => new WatchEvent<T>.Deleted(MetadataOf<T>(resource)),
            "BOOKMARK" => new WatchEvent<T>.Bookmark(ReadVersion(resource)),
            "ERROR" => new WatchEvent<T>.Failed(
                JsonSerializer.Deserialize(resource, CoreJson.Default.KubeStatus) ?? new KubeStatus()),
            _ => null,
        };
    }

    private static Parts Split(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, TolerantRead.Options);
        string? type = null;
        ReadOnlySpan<byte> resource = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A watch line is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType)
            {
                type = reader.GetString();
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isObject)
            {
                resource = line[start..(int)reader.BytesConsumed];
            }
        }

        return new Parts(type, resource);
    }

    private static WatchEvent<T> Read<T>(ReadOnlySpan<byte> json)
        where T : class, IResource<T>
    {
        try
        {
            return new WatchEvent<T>.Changed(JsonSerializer.Deserialize(json, T.Json)
                ?? throw new JsonException("null"));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && json.Length > 0)
        {
            return new WatchEvent<T>.Unreadable(Held<T>(json, failure));
        }
    }

    private static ObjectMeta MetadataOf<T>(ReadOnlySpan<byte> json)
        where T : class, IResource<T> => Held<T>(json, new JsonException("deleted")).Metadata;

    private static Quarantined Held<T>(ReadOnlySpan<byte> json, Exception failure)
        where T : class, IResource<T> => Quarantined.Of<T>(new ReadOnlySequence<byte>(json.ToArray()), failure);

    private static string ReadVersion(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, CoreJson.Default.MetadataEnvelope)?.Metadata?.ResourceVersion
        ?? throw new JsonException("A bookmark has no resourceVersion.");

    private readonly ref struct Parts(string? type, ReadOnlySpan<byte> resource)
    {
        private readonly ReadOnlySpan<byte> resource = resource;

        public void Deconstruct(out string? kind, out ReadOnlySpan<byte> body)
        {
            kind = type;
            body = resource;
        }
    }
}
