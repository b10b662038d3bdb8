using System.Buffers;
using System.Text;

namespace LocalCloud.Aws;

/// <summary>The percent-encoding that signatures and encoding-type=url are defined with.</summary>
internal static class Rfc3986
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private static readonly SearchValues<char> Plain = SearchValues.Create(Unreserved);

    public static SearchValues<char> PathPlain { get; } = SearchValues.Create(Unreserved + "/");

    public static string Encode(string text, bool keepSlash = false)
    {
        if (text.AsSpan().IndexOfAnyExcept(keepSlash ? PathPlain : Plain) < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        Append(result, text, keepSlash);
        return result.ToString();
    }

    public static void Append(StringBuilder result, string text, bool keepSlash)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (Plain.Contains((char)rune.Value) || (keepSlash && rune.Value == '/')))
            {
                result.Append((char)rune.Value);
                continue;
            }

            var length = rune.EncodeToUtf8(bytes);
            foreach (var one in bytes[..length])
            {
                result.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
