namespace ByokOperator.Copying;

/// <summary>
/// The order of a version listing: keys compared as UTF-8 bytes. It differs from ordinal UTF-16 order where surrogate
/// pairs (U+10000 and up) meet U+E000 to U+FFFF; a merge join in the wrong order would lose objects.
/// </summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static readonly KeyOrder Instance = new();

    private KeyOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length - y.Length
            : CodePointRank(x[common]) - CodePointRank(y[common]);
    }

    /// <summary>Moves surrogates behind the rest of the plane, where UTF-8 has them.</summary>
    private static int CodePointRank(char unit) => unit switch
    {
        >= '\uE000' => unit - 0x800,
        >= '\uD800' => unit + 0x2000,
        _ => unit,
    };
}
