using System.Diagnostics;

namespace Cloud.Objects;

/// <summary>
/// The order in which a cloud lists keys. The two differ where surrogate pairs (U+10000 and up) meet U+E000 to U+FFFF;
/// a merge join in the wrong one would lose objects.
/// </summary>
public sealed class ObjectOrder : IComparer<string>
{
    /// <summary>S3's: keys compared as UTF-8 bytes, which is by code points.</summary>
    public static readonly ObjectOrder Utf8 = new(byCodePoints: true);

    /// <summary>Azure's: names compared as UTF-16 code units.</summary>
    public static readonly ObjectOrder Utf16 = new(byCodePoints: false);

    private readonly bool byCodePoints;

    private ObjectOrder(bool byCodePoints) => this.byCodePoints = byCodePoints;

    public static ObjectOrder Of(CloudKind cloud) => cloud switch
    {
        CloudKind.Aws => Utf8,
        CloudKind.Azure => Utf16,
        _ => throw new UnreachableException(),
    };

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length ? x.Length - y.Length
            : byCodePoints ? CodePointRank(x[common]) - CodePointRank(y[common])
            : x[common] - y[common];
    }

    /// <summary>Every listing's promise, checked where it is read: whoever joins two of them, or goes on after a key,
    /// would silently leave out what comes too late.</summary>
    /// <exception cref="CloudException">Refused: asking again would bring the same.</exception>
    internal void Demand(string? before, string next, string operation)
    {
        if (before is not null && Compare(next, before) < 0)
        {
            throw new CloudException(
                new CloudProblem.Refused(
                    CloudProblem.ListingUnordered,
                    $"the listing has '{next}' after '{before}', so what it leaves out can't be told: copy the data "
                        + "to a place that lists in order, and name that one"),
                operation);
        }
    }

    /// <summary>Moves surrogates behind the rest of the plane, where UTF-8 has them.</summary>
    private static int CodePointRank(char unit) => unit switch
    {
        >= '\uE000' => unit - 0x800,
        >= '\uD800' => unit + 0x2000,
        _ => unit,
    };
}
