namespace Byok.Copying;

/// <summary>What a listing of the source adds up to, before anything is copied.</summary>
public sealed record SurveyResult
{
    /// <summary>How far back an object counts as recent.</summary>
    public static readonly TimeSpan RecentPeriod = TimeSpan.FromDays(7);

    /// <summary>Versions and markers.</summary>
    public long Objects { get; init; }

    public long Bytes { get; init; }

    /// <summary>Of the objects, those that came within <see cref="RecentPeriod"/> before:
    /// how fast the source grows.</summary>
    public long RecentObjects { get; init; }

    public long RecentBytes { get; init; }

    /// <summary>The listing came to its end.</summary>
    public bool IsWhole { get; init; }
}
