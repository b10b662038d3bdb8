using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>metav1.MicroTime: RFC 3339 in UTC with exactly six digits, the only form older apiservers accept.</summary>
public sealed class MicroTimeJson : JsonConverter<DateTimeOffset>
{
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Text(value));
    }
}
