using System.Globalization;
using System.Text.RegularExpressions;

namespace Benchmarks;

/// <summary>How often the API server was asked one thing about one kind, from its own metrics.</summary>
internal sealed partial record RequestCount(string Verb, string Resource, long Count)
{
    /// <summary>Of a name that begins with the verb.</summary>
    public static bool IsRead(string request) => request.Split(' ')[0] is "GET" or "LIST" or "WATCH";

    public static IReadOnlyList<RequestCount> Parse(string metrics) =>
    [
        .. metrics.Split('\n')
            .Select(line => Line().Match(line))
            .Where(match => match.Success)
            .Select(match => new RequestCount(Label(match, "verb"), Named(match), Value(match)))
            .Where(one => one.Resource.Length > 0),
    ];

    private static string Named(Match line) => (Label(line, "resource"), Label(line, "subresource")) switch
    {
        (var resource, "") => resource,
        var (resource, part) => $"{resource}/{part}",
    };

    private static long Value(Match line) =>
        (long)double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture);

    private static string Label(Match line, string name) =>
        Pair().Matches(line.Groups["labels"].Value)
            .FirstOrDefault(pair => pair.Groups["name"].Value == name)?.Groups["value"].Value ?? "";

    // A watch is counted among the finished requests only when it ends; what is open now stands in the gauge.
    [GeneratedRegex("^(apiserver_request_total|apiserver_longrunning_gauge)\\{(?<labels>.*)\\} (?<value>[0-9.e+]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Pair();
}
