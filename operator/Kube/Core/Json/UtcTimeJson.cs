using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>
/// Times in the official client's models. Read as <see cref="Times"/> has them, in UTC; written with six digits, as
/// metav1.MicroTime must be and metav1.Time may be (the client's own converter leaves them out at a whole second, and
/// servers refuse such a MicroTime).
/// </summary>
internal sealed class UtcTimeJson : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Times.TryParse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null, out var time)
            ? time.UtcDateTime
            : throw new JsonException("not a time");

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(MicroTimeJson.Text(value));
    }
}
