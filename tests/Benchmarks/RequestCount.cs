using System.Globalization;
using System.Text.RegularExpressions;

namespace Benchmarks;

/// <summary>How often the API server was asked one thing about one kind, from its own metrics.</summary>
internal sealed partial record RequestCount(string Verb, string Resource, long Count)
{
    public bool IsRead => Verb is "GET" or "LIST" or "WATCH";

    public static IReadOnlyList<RequestCount> Parse(string metrics) =>
    [
        .. metrics.Split('\n')
            .Select(line => Line().Match(line))
            .Where(match => match.Success)
            .Select(match => new RequestCount(Label(match, "verb"), Label(match, "resource"), (long)double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)))
            .Where(one => one.Resource.Length > 0),
    ];

    private static string Label(Match line, string name) =>
        Pair().Matches(line.Groups["labels"].Value).FirstOrDefault(pair => pair.Groups["name"].Value == name)?.Groups["value"].Value ?? "";

    // A watch is counted among the finished requests only when it ends; what is open now stands in the gauge.
    [GeneratedRegex("^(apiserver_request_total|apiserver_longrunning_gauge)\\{(?<labels>.*)\\} (?<value>[0-9.e+]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Pair();
}
