using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Cloud.Calling;

/// <summary>One cloud's error codes, each with the one kind of problem that it is.</summary>
/// <param name="namedAction">Finds the missing permission in a denial's words: its group <c>action</c>.</param>
/// <param name="rows">A kind and its codes, a blank between them.</param>
internal sealed class ProblemCodes(Regex namedAction, params (ProblemKind Kind, string Codes)[] rows)
{
    /// <summary>A message goes into conditions and Events; a cloud's own are shorter, a proxy's page is not.</summary>
    private const int LongestMessage = 512;

    private readonly FrozenDictionary<string, ProblemKind> kinds = rows
        .SelectMany(row => row.Codes.Split(' '), (row, code) => KeyValuePair.Create(code, row.Kind))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a redirect is that no code explains. A temporary one (307) says nothing in any cloud.</summary>
    public required ProblemKind Redirect { private get; init; }

    public bool Contains(string code) => kinds.ContainsKey(code);

    /// <param name="status">Of the answer. A HEAD has no body, so only this speaks;
    /// and codes not known yet follow it.</param>
    /// <param name="code">Null or empty where the answer has none.</param>
    /// <param name="words">The same on every try: without request ids and times.</param>
    /// <param name="retryAfter">The server's own wish where it has one.</param>
    public CloudProblem From(int status, string? code, string words, TimeSpan? retryAfter)
    {
        var message = words.Length <= LongestMessage ? words : words[..LongestMessage];
        return ObjectRefusals.Find(code, message) is { } refused ? refused
            : code is not { Length: > 0 } ? Make(ByStatus(status), $"Http{status}", message, retryAfter)
            : Make(kinds.TryGetValue(code, out var kind) ? kind : ByStatus(status), code, message, retryAfter);
    }

    private ProblemKind ByStatus(int status) => status switch
    {
        401 => ProblemKind.OwnCredentials,
        403 => ProblemKind.Forbidden,
        404 => ProblemKind.NotFound,
        409 or 412 => ProblemKind.Conflict,
        429 => ProblemKind.Throttled,
        408 or 0 or 307 or >= 500 => ProblemKind.Unreachable,
        >= 200 and < 300 => ProblemKind.Unreachable,
        >= 300 and < 400 => Redirect,
        _ => ProblemKind.Refused,
    };

    private CloudProblem Make(ProblemKind kind, string code, string message, TimeSpan? retryAfter) => kind switch
    {
        ProblemKind.NotFound => new CloudProblem.NotFound(code, message),
        ProblemKind.Forbidden => new CloudProblem.Forbidden(code, message, ActionIn(message)),
        ProblemKind.Throttled => new CloudProblem.Throttled(code, message, retryAfter),
        ProblemKind.Unreachable => new CloudProblem.Unreachable(code, message),
        ProblemKind.KeyUnusable => new CloudProblem.KeyUnusable(code, message),
        ProblemKind.WrongKey => new CloudProblem.WrongKey(code, message),
        ProblemKind.Conflict => new CloudProblem.Conflict(code, message),
        ProblemKind.OwnCredentials => new CloudProblem.OwnCredentials(code, message),
        _ => new CloudProblem.Refused(code, message),
    };

    private string? ActionIn(string message) =>
        namedAction.Match(message) is { Success: true } match ? match.Groups["action"].Value : null;
}

/// <summary>The kinds of <see cref="CloudProblem"/>, as a table of error codes names them.</summary>
internal enum ProblemKind
{
    NotFound,
    Forbidden,
    Throttled,
    Unreachable,
    KeyUnusable,
    WrongKey,
    Conflict,
    OwnCredentials,
    Refused,
}
