using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>metav1.Time: RFC 3339 in UTC with whole seconds,
/// so that what was written equals what is read back.</summary>
public sealed class TimeJson : JsonConverter<DateTimeOffset>
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Times.TryParse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null, out var time) ? time
            : throw new JsonException("not a time");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Text(value));
    }
}
