namespace ByokOperator.Overview;

/// <summary>Names that somebody may have meant.</summary>
internal static class Nearest
{
    private const int MostShown = 3;

    /// <summary>A sentence's end, such as <c>; did you mean acme/backups?</c>; empty where nothing is near.</summary>
    public static string Among(IEnumerable<string> names, string asked)
    {
        var near = names.Distinct()
            .Select(name => (Name: name, Distance: DistanceOf(name, asked)))
            .Where(one => one.Distance <= Math.Max(2, asked.Length / 3))
            .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Take(MostShown).Select(one => one.Name).ToList();
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>Letters to add, to take away or to exchange.</summary>
    private static int DistanceOf(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var at = 1; at <= one.Length; at++)
        {
            var (diagonal, left) = (row[0], at);
            row[0] = at;
            for (var to = 1; to <= other.Length; to++)
            {
                left = Math.Min(Math.Min(row[to] + 1, left + 1), diagonal + (one[at - 1] == other[to - 1] ? 0 : 1));
                (diagonal, row[to]) = (row[to], left);
            }
        }

        return row[^1];
    }
}
