using System.Globalization;
using System.Text;

namespace Kube.Core;

/// <summary>
/// Words of others on their way to a terminal, a log or a status: names of objects and answers of clouds may hold
/// anything. What moves a cursor, breaks a line, turns the direction of writing or is no character at all is spelled
/// out, as <c>\u001b</c>. Spelled once it stays as it is.
/// </summary>
public static class Printable
{
    /// <summary>The same text on one line, the same instance where there was nothing to spell out.
    /// A line break becomes a space.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var index = 0; index < text.Length; index++)
        {
            if (IsOdd(text, index, out var length))
            {
                return Spelled(text, index);
            }

            index += length - 1;
        }

        return text;
    }

    private static string Spelled(string text, int from)
    {
        var told = new StringBuilder(text.Length + 16).Append(text, 0, from);
        for (var index = from; index < text.Length;)
        {
            var isOdd = IsOdd(text, index, out var length);
            if (!isOdd)
            {
                told.Append(text, index, length);
            }
            else if (text[index] is '\n')
            {
                told.Append(' ');
            }
            else if (text[index] is not '\r' || index + 1 == text.Length || text[index + 1] is not '\n')
            {
                Spell(told, text.AsSpan(index, length));
            }

            index += length;
        }

        return told.ToString();
    }

    private static void Spell(StringBuilder told, ReadOnlySpan<char> odd)
    {
        foreach (var unit in odd)
        {
            told.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }

    /// <param name="text">All of it.</param>
    /// <param name="index">Where a character begins.</param>
    /// <param name="length">Of the character, in UTF-16 units.</param>
    private static bool IsOdd(string text, int index, out int length)
    {
        length = 1;
        if (text[index] is >= ' ' and < '\x7f')
        {
            return false;
        }

        if (Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return true; // half a pair
        }

        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }
}
