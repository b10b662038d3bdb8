using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kube.Core.Json;

/// <summary>
/// A status that is for display alone: whatever stands there, the object can be read. What can't be read of it counts
/// as not there, and is written anew with the next report.
/// </summary>
public sealed class StatusJson<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var before = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, TypeOf(options));
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or FormatException or InvalidOperationException or ArgumentException
                or OverflowException)
        {
            reader = before;
            reader.Skip(); // what is broken as JSON breaks the object here
            return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, TypeOf(options));

    private static JsonTypeInfo<T> TypeOf(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
