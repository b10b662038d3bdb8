using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What the Jobs of a copy and the marks of its workers say together.</summary>
public sealed class CopyVerdictsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_whose_Jobs_are_complete_and_whose_marks_somebody_deleted_is_tried_once_more(bool indexed)
    {
        var jobs = Complete(attempt: 2, indexed);
        var lost = CopyVerdicts.Judge("bulk-a", jobs, new RunState());
        (lost.Outcome, lost.FailedAttempts).ShouldBe((JobOutcome.Failed, 2));

        CopyVerdicts.Judge("bulk-a", jobs, new RunState { IsFinished = true }).Outcome.ShouldBe(JobOutcome.Succeeded);
        CopyVerdicts.Judge("bulk-a", jobs, state: null).Outcome
            .ShouldBe(JobOutcome.Incomplete, "nobody looked at the marks");
    }

    [Fact]
    public void A_copy_of_which_a_shard_has_no_Job_is_made_whole_in_the_same_attempt()
    {
        var copy = CopyVerdicts.Judge("bulk-a", [Complete(1, indexed: false)[0]], new RunState());
        (copy.Outcome, copy.FailedAttempts).ShouldBe((JobOutcome.Incomplete, 0));
    }

    private static IReadOnlyList<Job> Complete(int attempt, bool indexed) =>
    [
        .. CopyJob.For(
            new CopyOrderForJob(new ObjectKey("acme", "store"), "01234567-89ab", "bulk-a", attempt, 2, ["copy"]),
            new CopyPodOptions { Image = "i" }, "byok-system", indexed)
            .Select(job => job with
            {
                Status = new V1JobStatus { Conditions = [new V1JobCondition { Type = "Complete", Status = "True" }] },
            }),
    ];
}
