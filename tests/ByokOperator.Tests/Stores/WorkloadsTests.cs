using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class WorkloadsTests
{
    private static readonly Dictionary<string, string> labels = new() { ["app"] = "backup" };

    [Theory]
    [InlineData("Failed")]
    [InlineData("Complete")]
    public async Task A_job_that_is_over_is_neither_running_nor_suspended(string end)
    {
        await using var lookout = await Lookout.StartAsync();
        var jobs = lookout.Kube.Api<Job>();
        await jobs.ApplyAsync(JobNamed("over"), "test", CancellationToken.None);
        await jobs.ApplyAsync(JobNamed("running"), "test", CancellationToken.None);
        await jobs.PatchMergeAsync(new ObjectKey(Lookout.Namespace, "over"), Ended(end), CancellationToken.None, "status");
        var workloads = new Workloads(lookout.Kube);
        var selector = new ByokOperator.Api.LabelSelector { MatchLabels = labels };
        (await workloads.LookAsync(Lookout.Namespace, selector, CancellationToken.None)).ShouldBe(new WorkloadState(1, 0));

        await workloads.SuspendAsync(Lookout.Namespace, selector, CancellationToken.None);

        (await jobs.GetAsync(new ObjectKey(Lookout.Namespace, "over"), CancellationToken.None)).Spec.Suspend.ShouldBeNull();
        (await jobs.GetAsync(new ObjectKey(Lookout.Namespace, "running"), CancellationToken.None)).Spec.Suspend.ShouldBe(true);
    }

    private static Job JobNamed(string name) => new() { Metadata = new ObjectMeta { Name = name, Namespace = Lookout.Namespace, Labels = labels } };

    private static JsonObject Ended(string end)
    {
        var status = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = end, ["status"] = "True" }) };
        if (end == "Complete")
        {
            status["completionTime"] = "2026-11-21T12:00:00Z";
        }

        return new JsonObject { ["status"] = status };
    }
}
