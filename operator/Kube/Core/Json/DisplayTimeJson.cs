using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>
/// A time that nobody decides on, written as <see cref="TimeJson"/> does. The apiserver's <c>date-time</c> takes more
/// than times (offsets of 99 hours, words after the Z);
/// such a one reads as the beginning of time and spoils nothing else.
/// </summary>
public sealed class DisplayTimeJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DisplayTimeOrNoneJson.Text(ref reader) is var text && Times.TryParse(text, out var time) ? time : default;

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(TimeJson.Text(value));
    }
}

/// <summary>The same where there may be none: what is no time is none.</summary>
public sealed class DisplayTimeOrNoneJson : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Times.TryParse(Text(ref reader), out var time) ? time : null;

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is { } time)
        {
            writer.WriteStringValue(time);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    internal static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw new JsonException("not a whole number"),
    };
}
