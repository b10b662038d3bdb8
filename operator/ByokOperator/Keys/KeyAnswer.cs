using Cloud.Keys;
using Cloud;

namespace ByokOperator.Keys;

/// <summary>One proof of one region's key, as the prober tells it.</summary>
/// <param name="Reason">CamelCase and stable, such as <c>KeyDisabled</c>.</param>
/// <param name="OfferedCanary">What <c>SaveCanary</c> is to store, in the form it is stored in;
/// null when a stored one was proved.</param>
/// <param name="MissingActions">Permissions that the proof showed to be missing.</param>
/// <param name="At">When the key was asked, not when we looked.</param>
internal sealed record KeyAnswer(
    KeyVerdict Verdict,
    string Reason,
    string Message,
    string? OfferedCanary,
    IReadOnlyList<string> MissingActions,
    DateTimeOffset At)
{
    /// <summary>The calls that it rests on, for the report.</summary>
    public IReadOnlyList<CallRecord> Evidence { get; init; } = [];

    /// <summary>The version that new data goes under, where keys have versions.</summary>
    public string? Version { get; init; }

    /// <summary>Permissions that the proof showed us to have and that we don't need.</summary>
    public IReadOnlyList<string> ExcessActions { get; init; } = [];

    /// <summary>Null unless the key was rotated since its canary was last written.</summary>
    public CanaryRenewal? Renewal { get; init; }
}

/// <summary>A canary whose key was rotated, in the form it is stored in: what stands, and what is to stand.</summary>
internal sealed record CanaryRenewal(string From, string To);
