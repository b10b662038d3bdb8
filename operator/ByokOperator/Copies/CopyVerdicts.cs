using Byok.Copying;
using Kube.Core.Kinds;

namespace ByokOperator.Copies;

/// <summary>What the Jobs of one fingerprint and the marks of their workers say together. Pure.</summary>
internal static class CopyVerdicts
{
    /// <summary>Every shard's last word in the target is success, whatever became of the Jobs; a Job's word alone is
    /// not. Whose Jobs are complete while no mark says so is an attempt like one that failed: somebody deleted what it
    /// wrote, and the same attempt's Job is there already.</summary>
    /// <param name="fingerprint">Of the copy.</param>
    /// <param name="jobs">As they were before the marks were read.</param>
    /// <param name="state">What the marks say; null where nobody looked.</param>
    public static CopyFacts Judge(string fingerprint, IReadOnlyCollection<Job> jobs, RunState? state)
    {
        var attempts = jobs.GroupBy(CopyJob.AttemptOf).OrderBy(group => group.Key).ToList();
        var failed = attempts.Count(attempt =>
            attempt.Key > (state?.Refusal?.Attempt ?? 0) && JobVerdicts.Together([.. attempt]) == JobOutcome.Failed);
        var last = attempts.Count == 0 ? JobOutcome.Absent : JobVerdicts.Together([.. attempts[^1]]);
        var isLost = last == JobOutcome.Succeeded && state is { IsFinished: false };
        var outcome = state?.IsFinished == true ? JobOutcome.Succeeded
            : isLost ? JobOutcome.Failed
            : last == JobOutcome.Succeeded ? JobOutcome.Incomplete
            : last;
        var made = attempts.Count > 0 ? attempts[^1].Max(job => job.Metadata.CreationTimestamp) : null;
        var isLatest = state?.Refusal is { } refusal && (attempts.Count == 0 || attempts[^1].Key <= refusal.Attempt);
        return new CopyFacts(fingerprint, outcome, isLost ? attempts[^1].Key : failed, jobs.Count > 0)
        {
            IsEnding = jobs.Count > 0 && jobs.All(job => job.Metadata.DeletionTimestamp is not null),
            Refusal = isLatest ? state!.Refusal : null,
            Made = state is { IsFinished: true, StartedAt: { } started, FinishedAt: { } finished, Seen: { } seen }
                ? new CopyMade(started, finished, seen) : null,
            HeardAt = Later(made, state?.HeardAt),
            AdvancedAt = Later(made, state?.AdvancedAt),
        };
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
