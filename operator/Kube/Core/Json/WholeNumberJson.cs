using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>
/// A whole number as JSON has them, for which 8, 8.0 and 8e0 are one: the apiserver takes each. One beyond the type
/// reads as the nearest that it holds, and a null as zero.
/// </summary>
public sealed class WholeNumberJson : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => 0,
            JsonTokenType.Number when reader.TryGetInt64(out var whole) => whole,
            // saturates
            JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsInteger(number) => (long)number,
            _ => throw new JsonException("not a whole number"),
        };

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value);
    }
}

/// <summary>The same in 32 bits.</summary>
public sealed class SmallWholeNumberJson : JsonConverter<int>
{
    private static readonly WholeNumberJson wide = new();

    public override bool HandleNull => true;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (int)Math.Clamp(wide.Read(ref reader, typeof(long), options), int.MinValue, int.MaxValue);

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value);
    }
}
