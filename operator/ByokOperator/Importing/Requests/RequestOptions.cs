namespace ByokOperator.Importing.Requests;

/// <summary>The bounds on requests.</summary>
internal sealed record RequestOptions
{
    /// <summary>Where the records live: the operator's own namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>As KMS gives its own import tokens.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An upload that nobody activated in this time has to be made again: until then the pair has to open it.</summary>
    public TimeSpan KeepUsed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Open at a time for one key: each costs a second or two of CPU, so this bounds what one tenant can make the platform spend in a day.</summary>
    public int MostOpen { get; init; } = 20;

    /// <summary>How long an answer waits for a pair that is being made.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}
