using System.Globalization;
using ByokOperator.Api;
using Kube.Core.Kinds;

namespace ByokOperator.Copies;

/// <summary>What the Jobs of one fingerprint say together. Pure: from the Jobs as watched to one word.</summary>
internal static class JobVerdicts
{
    /// <summary>A Job that failed for good has the condition;
    /// pods that fail and are replaced are just work going on.</summary>
    public static JobOutcome Of(Job job) =>
        job.Metadata.DeletionTimestamp is not null ? JobOutcome.Running // its pods are still being stopped
        : HasCondition(job, "Complete") ? JobOutcome.Succeeded
        : HasCondition(job, "Failed") ? JobOutcome.Failed
        : JobOutcome.Running;

    /// <summary>All siblings must be there and complete: a copy with one shard missing proves nothing.</summary>
    public static JobOutcome Together(IReadOnlyCollection<Job> jobs)
    {
        if (jobs.Count == 0)
        {
            return JobOutcome.Absent;
        }

        var outcomes = jobs.Select(Of).ToList();
        return outcomes.Contains(JobOutcome.Failed) ? JobOutcome.Failed
            : SiblingsMissing(jobs) ? JobOutcome.Incomplete
            : outcomes.TrueForAll(outcome => outcome == JobOutcome.Succeeded) ? JobOutcome.Succeeded
            : JobOutcome.Running;
    }

    private static bool SiblingsMissing(IReadOnlyCollection<Job> jobs)
    {
        var first = jobs.First();
        if (first.Spec.CompletionMode == "Indexed")
        {
            return false;
        }

        var wanted = int.Parse(first.Metadata.Annotations?.GetValueOrDefault(CopyJob.ShardsAnnotation) ?? "1",
            CultureInfo.InvariantCulture);
        return jobs.Count < wanted;
    }

    private static bool HasCondition(Job job, string type) =>
        job.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") == true;
}

/// <summary>How the Jobs of one fingerprint stand.</summary>
internal enum JobOutcome
{
    Absent,

    /// <summary>Some shards' Jobs are not there: create them again.</summary>
    Incomplete,
    Running,
    Succeeded,
    Failed,
}
