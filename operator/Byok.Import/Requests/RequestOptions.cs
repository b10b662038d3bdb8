namespace Byok.Import.Requests;

/// <summary>The bounds on requests.</summary>
public sealed record RequestOptions
{
    /// <summary>Where the records live.</summary>
    public required string Namespace { get; init; }

    /// <summary>As KMS gives its own import tokens.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An upload that nobody activated in this time has to be made again:
    /// until then the pair has to open it.</summary>
    public TimeSpan KeepUsed { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Made for one key within any 24 hours, whatever became of them: each costs seconds of CPU, so this bounds what
    /// one key can make the platform spend, and how many can be open.
    /// </summary>
    public int MostPerDay { get; init; } = 20;
}
