using System.Buffers;
using System.Globalization;
using System.Text;

namespace Cloud.Aws.Calling;

/// <summary>An object's key as S3 and its signatures spell it: whatever is not unreserved, by its UTF-8 bytes in upper-case hex.</summary>
internal static class S3Path
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> PlainOrSlash = SearchValues.Create(Unreserved + "/");

    /// <summary>With its slashes, as in a path.</summary>
    public static string OfKey(string key) => Encoded(key, PlainOrSlash);

    /// <summary>As the value of a query.</summary>
    public static string OfValue(string value) => Encoded(value, Plain);

    private static string Encoded(string text, SearchValues<char> plain)
    {
        if (text.AsSpan().IndexOfAnyExcept(plain) < 0)
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && plain.Contains((char)rune.Value))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }
}
