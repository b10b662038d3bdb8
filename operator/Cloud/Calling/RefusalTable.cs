using System.Collections.Frozen;

namespace Cloud.Calling;

/// <summary>Whose refusal it is, which decides what it says of a key.</summary>
internal enum Refuser
{
    /// <summary>The tenant's will: its key, its key's policy, its directory. The key is revoked.</summary>
    Tenant,

    /// <summary>The platform's own policies, credentials or settings: nobody asked the key, so it is unknown.</summary>
    Platform,

    /// <summary>Nobody's will: it passes, or nobody knows it. Unknown.</summary>
    Nobody,

    /// <summary>The answer names no side: a use of the platform's own control key decides.</summary>
    Unsaid,
}

/// <summary>One refusal that an adapter knows.</summary>
/// <param name="Service">Who says it.</param>
/// <param name="Codes">The service's own, a blank between them; in angle brackets a whole kind of problem.</param>
/// <param name="Part">What the message has to say besides, in any letters' case;
/// null where the code says it all.</param>
/// <param name="Reason">CamelCase and stable.</param>
/// <param name="Source">The page of the cloud's documentation that says so; or <c>observed</c>.</param>
internal sealed record RefusalRow(string Service, string Codes, string? Part, Refuser By, string Reason, string Source)
{
    public IEnumerable<string> EachCode => Codes.Split(' ');

    public bool Says(string message) => Part is null || message.Contains(Part, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Rows by code; of a code's rows the first that fits speaks. What no row knows revokes nothing.</summary>
internal sealed class RefusalTable
{
    private static readonly RefusalRow Unknown = new("", "", null, Refuser.Nobody, "Unreachable", "");

    private readonly FrozenDictionary<string, RefusalRow[]> byCode;

    public RefusalTable(IReadOnlyList<RefusalRow> rows)
    {
        Rows = rows;
        byCode = rows.SelectMany(row => row.EachCode, (row, code) => (Code: code, Row: row))
            .GroupBy(pair => pair.Code, pair => pair.Row, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public IReadOnlyList<RefusalRow> Rows { get; }

    /// <summary>Rows of the code itself go before those of its kind.</summary>
    public RefusalRow Find(CloudProblem problem) =>
        Find(problem.Code, problem.Message) ?? Find($"<{problem.GetType().Name}>", problem.Message) ?? Unknown;

    public RefusalRow? Find(string code, string message) =>
        byCode.GetValueOrDefault(code)?.FirstOrDefault(row => row.Says(message));

    /// <summary>A message that names the tenant's side and the platform's names neither.</summary>
    public bool NamesBoth(CloudProblem problem)
    {
        var named = byCode.GetValueOrDefault(problem.Code)
            ?.Where(row => row.Part is not null && row.Says(problem.Message)).Select(row => row.By).ToHashSet();
        return named is not null && named.Contains(Refuser.Tenant) && named.Contains(Refuser.Platform);
    }
}
