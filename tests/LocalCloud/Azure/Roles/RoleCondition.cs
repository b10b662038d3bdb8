using System.Text.RegularExpressions;

namespace LocalCloud.Azure.Roles;

/// <summary>
/// The condition of a role assignment, version 2.0: actions, and string comparisons of a resource's attributes. An
/// attribute that the request does not have compares with nothing. Anything else is malformed.
/// </summary>
internal sealed partial class RoleCondition
{
    private readonly Func<string, Func<string, string?>, bool> holds;

    private RoleCondition(string text, Func<string, Func<string, string?>, bool> holds) =>
        (Text, this.holds) = (text, holds);

    public string Text { get; }

    /// <exception cref="FormatException">It is none.</exception>
    public static RoleCondition Parse(string text)
    {
        var words = new Queue<string>(Words().Matches(text).Select(word => word.Value));
        if (!string.IsNullOrWhiteSpace(Words().Replace(text, "")))
        {
            throw new FormatException("a letter that belongs to nothing");
        }

        var holds = Either(words);
        return words.Count == 0 ? new RoleCondition(text, holds)
            : throw new FormatException($"unexpected: {words.Peek()}");
    }

    /// <param name="action">What is asked for.</param>
    /// <param name="attribute">The resource's attribute of that name; null for none.</param>
    public bool Holds(string action, Func<string, string?> attribute) => holds(action, attribute);

    private static Func<string, Func<string, string?>, bool> Either(Queue<string> words)
    {
        var left = Both(words);
        while (Took(words, "OR", "||"))
        {
            var (one, other) = (left, Both(words));
            left = (action, attribute) => one(action, attribute) || other(action, attribute);
        }

        return left;
    }

    private static Func<string, Func<string, string?>, bool> Both(Queue<string> words)
    {
        var left = One(words);
        while (Took(words, "AND", "&&"))
        {
            var (one, other) = (left, One(words));
            left = (action, attribute) => one(action, attribute) && other(action, attribute);
        }

        return left;
    }

    private static Func<string, Func<string, string?>, bool> One(Queue<string> words)
    {
        if (Took(words, "!", "NOT"))
        {
            var inner = One(words);
            return (action, attribute) => !inner(action, attribute);
        }

        if (Took(words, "("))
        {
            var inner = Either(words);
            return Took(words, ")") ? inner : throw new FormatException("a parenthesis stays open");
        }

        var word = words.TryDequeue(out var next) ? next : throw new FormatException("it ends early");
        if (Target().Match(word) is { Success: true } target)
        {
            var wanted = target.Groups["action"].Value;
            return (action, _) => string.Equals(action, wanted, StringComparison.OrdinalIgnoreCase);
        }

        return Resource().Match(word) is { Success: true } resource && words.TryDequeue(out var comparison)
            && words.TryDequeue(out var value)
            ? Comparison(resource.Groups["name"].Value, comparison, value.Trim('\''))
            : throw new FormatException($"unexpected: {word}");
    }

    private static Func<string, Func<string, string?>, bool> Comparison(string name, string comparison, string value)
    {
        Func<string, bool> compare = comparison switch
        {
            "StringEquals" => text => text == value,
            "StringNotEquals" => text => text != value,
            "StringLike" => text => Like(text, value),
            "StringNotLike" => text => !Like(text, value),
            _ => throw new FormatException($"unexpected: {comparison}"),
        };
        return (_, attribute) => attribute(name) is { } text && compare(text);
    }

    private static bool Like(string text, string pattern) =>
        Regex.IsMatch(text,
            $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$", RegexOptions.Singleline);

    private static bool Took(Queue<string> words, params string[] spellings) =>
        words.TryPeek(out var next) && spellings.Contains(next) && words.Dequeue().Length > 0;

    [GeneratedRegex(@"ActionMatches\{'[^']*'\}|@Resource\[[^\]]*\]|'[^']*'|\|\||&&|[!()]|\w+",
        RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^ActionMatches\{'(?<action>[^']*)'\}$", RegexOptions.CultureInvariant)]
    private static partial Regex Target();

    [GeneratedRegex(@"^@Resource\[(?<name>[^\]]*)\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Resource();
}
