namespace LocalCloud.Aws;

/// <summary>The query as the client encoded it, decoded by percent only: a plus sign stays a plus sign.</summary>
internal sealed class RawQuery
{
    private static readonly RawQuery Nothing = new([]);

    private readonly List<KeyValuePair<string, string>> pairs;

    private RawQuery(List<KeyValuePair<string, string>> pairs) => this.pairs = pairs;

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => pairs;

    public string? this[string name]
    {
        get
        {
            foreach (var pair in pairs)
            {
                if (pair.Key == name)
                {
                    return pair.Value;
                }
            }

            return null;
        }
    }

    public static RawQuery Parse(string target)
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0 || mark == target.Length - 1)
        {
            return Nothing;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var range in target.AsSpan(mark + 1).Split('&'))
        {
            var part = target.AsSpan(mark + 1)[range];
            if (part.IsEmpty)
            {
                continue;
            }

            var equals = part.IndexOf('=');
            pairs.Add(equals < 0
                ? new(Decode(part), "")
                : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return new RawQuery(pairs);
    }

    public bool Has(string name) => this[name] is not null;

    private static string Decode(ReadOnlySpan<char> text) =>
        text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();
}
