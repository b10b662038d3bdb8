namespace ByokOperator.Api;

/// <summary>What becomes of objects under the old key when <c>spec.keyRef</c> names another one.</summary>
public sealed record StoreRotation
{
    public const string Reencrypt = "Reencrypt";
    public const string Keep = "Keep";

    /// <summary><c>Reencrypt</c> (the old key is free afterwards) or <c>Keep</c> (both stay pinned).</summary>
    public string ExistingObjects { get; init => field = value ?? Reencrypt; } = Reencrypt;

    /// <summary>How long writes may still name the old key, so that workloads with an old binding turn to the new one:
    /// a duration such as <c>15m</c>.</summary>
    public string Overlap { get; init => field = value ?? "15m"; } = "15m";

    internal bool Keeps => ExistingObjects == Keep;

    internal TimeSpan OverlapOrDefault =>
        GoDuration.Within(Overlap, StoreRules.LongestOverlap, TimeSpan.FromMinutes(15));
}
