using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FakeApiServer;

/// <summary>Label and field selectors as predicates.</summary>
internal static partial class Selectors
{
    public static Func<JsonObject, bool> Parse(string? ns, string? labels, string? fields)
    {
        var terms = Terms().Split(labels ?? "").Where(term => term.Length > 0).Select(Label).ToList();
        terms.AddRange((fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Field));
        return json =>
            (ns is null || (string?)json["metadata"]!["namespace"] == ns) && terms.TrueForAll(term => term(json));
    }

    private static Func<JsonObject, bool> Label(string term)
    {
        var match = LabelTerm().Match(term.Trim());
        var (key, operation) = (match.Groups["key"].Value, match.Groups["op"].Value.Trim());
        var values = match.Groups["values"].Value.Trim('(', ')', ' ').Split(',', StringSplitOptions.TrimEntries);
        string? Value(JsonObject json) => (string?)json["metadata"]!["labels"]?[key];
        return (match.Groups["not"].Success, operation) switch
        {
            (_, "=" or "==" or "in") => json => Value(json) is { } value && values.Contains(value),
            (_, "!=" or "notin") => json => Value(json) is not { } value || !values.Contains(value),
            (true, _) => json => Value(json) is null,
            _ => json => Value(json) is not null,
        };
    }

    private static Func<JsonObject, bool> Field(string term)
    {
        var (path, wanted) = (term.Split('=')[0].TrimEnd('!'), term[(term.LastIndexOf('=') + 1)..]);
        string Value(JsonObject json) =>
            path.Split('.').Aggregate((JsonNode?)json, (node, step) => node?[step])?.ToString() ?? "";
        return json => (Value(json) == wanted) != term.Contains("!=", StringComparison.Ordinal);
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Terms();

    [GeneratedRegex(@"^(?<not>!)?(?<key>[^\s=!]+)(?<op>\s*(==|=|!=)\s*|\s+(in|notin)\s*)?(?<values>.*)$")]
    private static partial Regex LabelTerm();
}
