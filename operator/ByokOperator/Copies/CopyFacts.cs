using Byok.Copying;

namespace ByokOperator.Copies;

/// <summary>The copy of one fingerprint.</summary>
/// <param name="Outcome">Succeeded only where every shard's last word for this
/// fingerprint stands in the target.</param>
/// <param name="FailedAttempts">Counted by listing the failed Jobs of the fingerprint;
/// deleting those is how a person says "try again".</param>
/// <param name="HasJob">A Job stands in the cluster, in whatever state;
/// one that is being deleted counts until its last pod is gone.</param>
internal sealed record CopyFacts(string Fingerprint, JobOutcome Outcome, int FailedAttempts, bool HasJob = true)
{
    /// <summary>Every Job of it is being deleted: what still stands are pods
    /// that the cluster has not ended yet.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Why its latest attempt ended for good; null where a later one was begun since, or none did.</summary>
    public CopyRefusal? Refusal { get; init; }

    /// <summary>Of a copy that succeeded, where its worker said what it found.</summary>
    public CopyMade? Made { get; init; }

    /// <summary>When a worker was heard of last, or its Job was made; null where neither is known.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When anything of it got on last, or its Job was made; null where neither is known.</summary>
    public DateTimeOffset? AdvancedAt { get; init; }
}

/// <summary>A copy that was made: how long it took, and what its source held. For estimates;
/// nothing else is decided on it.</summary>
internal sealed record CopyMade(DateTimeOffset StartedAt, DateTimeOffset FinishedAt, SurveyResult Seen);
