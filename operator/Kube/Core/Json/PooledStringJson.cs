using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kube.Core.Json;

/// <summary>
/// Reads equal short strings as one instance. Thousands of objects repeat the same condition types, reasons, label keys
/// and namespaces; a store that kept each copy would be mostly copies. The pool has a fixed size and forgets: a
/// collision costs a copy, never memory without end.
/// </summary>
public sealed class PooledStringJson : JsonConverter<string>
{
    private const int LongestPooled = 64; // longer ones are ids, notes and documents, which do not repeat
    private const int Slots = 4096;

    private static readonly string?[] pool = new string?[Slots]; // racing writers lose a copy, nothing else

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Pooled(ref reader);

    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Pooled(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);

    private static string Pooled(ref Utf8JsonReader reader)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > LongestPooled)
        {
            return reader.GetString()!;
        }

        Span<char> text = stackalloc char[LongestPooled]; // unescaping never lengthens
        text = text[..reader.CopyString(text)];
        ref var slot = ref pool[(uint)string.GetHashCode(text) % Slots];
        var held = Volatile.Read(ref slot);
        if (held is not null && text.SequenceEqual(held))
        {
            return held;
        }

        var made = text.ToString();
        Volatile.Write(ref slot, made);
        return made;
    }
}
