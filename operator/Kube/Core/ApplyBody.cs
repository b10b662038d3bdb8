using System.Buffers.Text;
using System.Text;

namespace Kube.Core;

/// <summary>
/// A body of server-side apply is read as YAML. Every JSON text is YAML but for one thing: a character beyond U+FFFF,
/// which JSON writes as two escapes, YAML refuses ("found invalid Unicode character
/// escape code") and wants as one of eight digits.
/// </summary>
internal static class ApplyBody
{
    /// <summary>As in <c>\uD83D\uDE00</c>.</summary>
    private const int PairLength = 12;

    /// <summary>Returns the same array where there is nothing to change, which is nearly always.</summary>
    public static byte[] FromJson(byte[] json)
    {
        if (json.AsSpan().IndexOf("\\uD"u8) < 0 && json.AsSpan().IndexOf("\\ud"u8) < 0)
        {
            return json;
        }

        var yaml = new MemoryStream(json.Length);
        for (var at = 0; at < json.Length;)
        {
            var rest = json.AsSpan(at);
            if (RuneAt(rest) is { } rune)
            {
                yaml.Write(Encoding.ASCII.GetBytes($"\\U{rune.Value:X8}"));
                at += PairLength;
                continue;
            }

            // A backslash and what it escapes stay together, or the second of two would begin an escape of its own.
            var taken = rest[0] == '\\' ? 2 : 1;
            yaml.Write(rest[..taken]);
            at += taken;
        }

        return yaml.ToArray();
    }

    private static Rune? RuneAt(ReadOnlySpan<byte> escape) =>
        UnitAt(escape) is { } high && UnitAt(escape[(PairLength / 2)..]) is { } low
            && Rune.TryCreate(high, low, out var rune) ? rune : null;

    private static char? UnitAt(ReadOnlySpan<byte> escape) =>
        escape.Length >= PairLength / 2 && escape.StartsWith("\\u"u8)
            && Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out var read, 'x') && read == 4
            ? (char)unit
            : null;
}
