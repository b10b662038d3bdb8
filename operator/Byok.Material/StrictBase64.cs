using System.Buffers;
using System.Buffers.Text;

namespace Byok.Material;

/// <summary>RFC 4648 §4 with its padding, in its one canonical form; white space is the caller's to take out.</summary>
internal static class StrictBase64
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);
    private static readonly SearchValues<byte> UrlSafe = SearchValues.Create("-_"u8);
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    /// <summary>A copy without blanks, tabs and line ends.</summary>
    public static byte[] WithoutWhite(ReadOnlySpan<byte> text)
    {
        var kept = new byte[text.Length];
        var count = 0;
        foreach (var one in text)
        {
            if (!White.Contains(one))
            {
                kept[count++] = one;
            }
        }

        return kept[..count];
    }

    public static bool IsAlphabet(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(Alphabet);

    public static bool HasUrlAlphabet(ReadOnlySpan<byte> text) =>
        text.ContainsAny(UrlSafe) && WithoutUrlSafe(text) is var rest && (rest.Length == 0 || IsAlphabet(rest));

    public static bool IsHex(ReadOnlySpan<byte> text) =>
        text.Length > 0 && text.Length % 2 == 0 && !text.ContainsAnyExcept(HexDigits);

    /// <summary>Null where the text is not exactly what an encoder would have written:
    /// bits left over after the last byte have to be zero.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        if (!IsAlphabet(text) || text.Length % 4 != 0)
        {
            return null;
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, decoded, out _, out var count) == OperationStatus.Done ? decoded[..count]
            : null;
    }

    private static byte[] WithoutUrlSafe(ReadOnlySpan<byte> text)
    {
        var kept = new byte[text.Length];
        var count = 0;
        foreach (var one in text)
        {
            if (!UrlSafe.Contains(one))
            {
                kept[count++] = one;
            }
        }

        return kept[..count];
    }
}
