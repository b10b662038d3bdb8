namespace LocalCloud.Storage;

/// <summary>S3's order of keys: by UTF-8 bytes. It differs from ordinal UTF-16
/// only where surrogates meet the last code units.</summary>
internal static class Utf8Order
{
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length - right.Length;
        }

        return Rank(left[same]) - Rank(right[same]);
    }

    /// <summary>Code units from U+E000 sort before surrogates, whose code points are beyond U+FFFF.</summary>
    private static int Rank(char unit) => unit < 0xD800 ? unit : unit >= 0xE000 ? unit - 0x800 : unit + 0x2000;
}
