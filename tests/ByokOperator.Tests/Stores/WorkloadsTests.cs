using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
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
        await jobs.PatchMergeAsync(Address("over"), Ended(end), CancellationToken.None, "status");
        var (acts, store) = await StandingAsync(lookout);
        (await acts.LookAsync(store, CancellationToken.None)).ShouldBe(new WorkloadState(1, 0) { AreSelected = true });

        await acts.SuspendAsync(store, CancellationToken.None);

        (await jobs.GetAsync(Address("over"), CancellationToken.None)).Spec.Suspend.ShouldBeNull();
        (await jobs.GetAsync(Address("running"), CancellationToken.None)).Spec.Suspend.ShouldBe(true);
        await ResumeAsync(lookout, acts, store);
        (await jobs.GetAsync(Address("running"), CancellationToken.None)).Spec.Suspend.ShouldBe(false);
    }

    [Fact]
    public async Task As_many_run_again_as_ran_and_the_count_stands_in_the_operators_record_alone()
    {
        await using var lookout = await Lookout.StartAsync();
        var app = await DeployAsync(lookout, "app", 3);
        var (acts, store) = await StandingAsync(lookout);

        await acts.SuspendAsync(store, CancellationToken.None);
        var stands = await DeployedAsync(lookout, "app");
        (stands.Spec!.Replicas, stands.Metadata.Annotations).ShouldBe((0, app.Metadata.Annotations));
        await UntilRecordedAsync(lookout, store, 1);
        (await acts.LookAsync(store, CancellationToken.None)).ShouldBe(new WorkloadState(0, 1) { AreSelected = true });

        await ResumeAsync(lookout, acts, store);
        (await DeployedAsync(lookout, "app")).Spec!.Replicas.ShouldBe(3);
        (await acts.LookAsync(store, CancellationToken.None)).ShouldBe(new WorkloadState(1, 0) { AreSelected = true });
    }

    [Fact]
    public async Task What_a_person_started_meanwhile_and_what_was_made_anew_is_left_as_it_is()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "scaled", 3);
        await DeployAsync(lookout, "anew", 3);
        await DeployAsync(lookout, "gone", 3);
        var (acts, store) = await StandingAsync(lookout);
        await acts.SuspendAsync(store, CancellationToken.None);
        await ScaleAsync(lookout, "scaled", 1);
        foreach (var name in (string[])["anew", "gone"])
        {
            await lookout.Kube.Api<Deployment>().DeleteAsync(Address(name), null, CancellationToken.None);
        }

        await DeployAsync(lookout, "anew", 0);
        await ResumeAsync(lookout, acts, store);
        (await DeployedAsync(lookout, "scaled")).Spec!.Replicas.ShouldBe(1);
        (await DeployedAsync(lookout, "anew")).Spec!.Replicas.ShouldBe(0);
    }

    [Fact]
    public async Task What_lost_its_label_or_its_selector_since_runs_again_all_the_same()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "app", 2);
        var (acts, store) = await StandingAsync(lookout);
        await acts.SuspendAsync(store, CancellationToken.None);
        await ResumeAsync(lookout, acts, store with { Spec = store.Spec with { Workloads = null } });
        (await DeployedAsync(lookout, "app")).Spec!.Replicas.ShouldBe(2);
    }

    [Fact]
    public async Task A_count_is_recorded_ahead_and_nothing_stops_while_it_can_not_be()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "app", 3);
        var (acts, store) = await StandingAsync(lookout);
        lookout.Faults.Refuse(500, times: 20,
            which: (method, path) => method == "POST" && path.EndsWith("/configmaps", StringComparison.Ordinal));
        await Should.ThrowAsync<KubeException>(() => acts.SuspendAsync(store, CancellationToken.None));
        (await DeployedAsync(lookout, "app")).Spec!.Replicas.ShouldBe(3);
    }

    [Fact]
    public async Task A_record_that_somebody_wrote_over_holds_up_no_closing_and_starts_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "app", 3);
        var (acts, store) = await StandingAsync(lookout);
        await acts.SuspendAsync(store, CancellationToken.None);
        await UntilRecordedAsync(lookout, store, 1);
        await lookout.SpoilRecordsAsync("nonsense");
        await ScaleAsync(lookout, "app", 2);

        (await Should.ThrowAsync<RefusedActException>(() => acts.SuspendAsync(store, CancellationToken.None))).Message
            .ShouldContain("Deployment app (2)");
        (await DeployedAsync(lookout, "app")).Spec!.Replicas.ShouldBe(0);
        var state = await acts.LookAsync(store, CancellationToken.None);
        var rung = StoreLadder.WithoutMigration.Single(one => one.Condition == "WorkloadsResumed");
        rung.Look(Worlds.Open with { Workloads = Fact.Seen(state) })
            .ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe("RecordUnreadable");
    }

    [Fact]
    public async Task One_that_can_not_be_changed_holds_up_no_other_and_stays_on_record()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "a-held", 2);
        await DeployAsync(lookout, "b-free", 3);
        var (acts, store) = await StandingAsync(lookout);
        Refuse();
        await Should.ThrowAsync<KubeException>(() => acts.SuspendAsync(store, CancellationToken.None));
        (await DeployedAsync(lookout, "a-held")).Spec!.Replicas.ShouldBe(2);
        (await DeployedAsync(lookout, "b-free")).Spec!.Replicas.ShouldBe(0);

        await acts.SuspendAsync(store, CancellationToken.None);
        Refuse();
        await Should.ThrowAsync<KubeException>(() => acts.ResumeAsync(store, CancellationToken.None));
        (await DeployedAsync(lookout, "b-free")).Spec!.Replicas.ShouldBe(3);
        await UntilRecordedAsync(lookout, store, 1);
        await ResumeAsync(lookout, acts, store);
        (await DeployedAsync(lookout, "a-held")).Spec!.Replicas.ShouldBe(2);

        void Refuse() =>
            lookout.Faults.Refuse(403,
                which: (method, path) => method == "PATCH" && path.EndsWith("/a-held/scale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cron_jobs_that_nobody_gave_a_right_to_hold_up_nothing()
    {
        await using var lookout = await Lookout.StartAsync();
        await DeployAsync(lookout, "app", 1);
        await lookout.Kube.Api<Job>().ApplyAsync(JobNamed("nightly"), "test", CancellationToken.None);
        var (acts, store) = await StandingAsync(lookout);
        lookout.Faults.Refuse(403, times: 2,
            which: (_, path) => path.StartsWith("/apis/batch/v1/namespaces/acme/", StringComparison.Ordinal));
        (await acts.LookAsync(store, CancellationToken.None)).ShouldBe(new WorkloadState(1, 0) { AreSelected = true });
        await acts.SuspendAsync(store, CancellationToken.None);
        (await DeployedAsync(lookout, "app")).Spec!.Replicas.ShouldBe(0);
    }

    [Fact]
    public async Task Those_beyond_what_a_record_holds_run_on_and_are_told()
    {
        await using var lookout = await Lookout.StartAsync();
        for (var count = 0; count <= WorkloadRecord.MaxWorkloads; count++)
        {
            await DeployAsync(lookout, $"app-{count:000}", 1);
        }

        var (acts, store) = await StandingAsync(lookout);
        (await Should.ThrowAsync<RefusedActException>(() => acts.SuspendAsync(store, CancellationToken.None))).Reason
            .ShouldBe("TooManyWorkloads");
        await UntilRecordedAsync(lookout, store, WorkloadRecord.MaxWorkloads);
        (await acts.LookAsync(store, CancellationToken.None))
            .ShouldBe(new WorkloadState(1, WorkloadRecord.MaxWorkloads) { AreSelected = true });
    }

    [Theory]
    [InlineData("Deployment", null)]
    [InlineData("Deployment", 0)]
    [InlineData("Job", 1)]
    [InlineData("Pod", 1)]
    public void A_record_that_names_what_is_no_suspended_workload_is_none(string kind, int? replicas) =>
        (WorkloadRecord.New(new RecordOwner("acme", "store", "uid")) with
        {
            Suspended = [new SuspendedWorkload(kind, "app", "uid", replicas)],
        }).Faults().ShouldNotBeEmpty();

    private static async Task<(WorkloadActs Acts, EncryptedStore Store)> StandingAsync(Lookout lookout)
    {
        var store = await lookout.ApplyStoreAsync();
        return (new WorkloadActs(lookout.Around),
            store with
            {
                Spec = store.Spec with
                {
                    Workloads =
                        new WorkloadPolicy { Selector = new ByokOperator.Api.LabelSelector { MatchLabels = labels } },
                },
            });
    }

    private static async Task ResumeAsync(Lookout lookout, WorkloadActs acts, EncryptedStore store)
    {
        await acts.ResumeAsync(store, CancellationToken.None);
        await UntilRecordedAsync(lookout, store, 0);
    }

    private static Task UntilRecordedAsync(Lookout lookout, EncryptedStore store, int count) => Lookout.UntilAsync(() =>
        (lookout.Around.Cluster.Records.Find<WorkloadRecord>(RecordOwner.Of(store.Metadata)).Trusted?.Suspended.Count
            ?? 0) == count);

    private static async Task<Deployment> DeployAsync(Lookout lookout, string name, int replicas) =>
        await lookout.Kube.Api<Deployment>().CreateAsync(
            new Deployment
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Lookout.Namespace, Labels = labels },
                Spec = new ReplicaSpec { Replicas = replicas },
            }, CancellationToken.None, "test");

    private static Task<Deployment> DeployedAsync(Lookout lookout, string name) =>
        lookout.Kube.Api<Deployment>().GetAsync(Address(name), CancellationToken.None);

    private static Task<Deployment> ScaleAsync(Lookout lookout, string name, int replicas) =>
        lookout.Kube.Api<Deployment>().PatchMergeAsync(
            Address(name), new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } },
            CancellationToken.None);

    private static ObjectKey Address(string name) => new(Lookout.Namespace, name);

    private static Job JobNamed(string name) =>
        new() { Metadata = new ObjectMeta { Name = name, Namespace = Lookout.Namespace, Labels = labels } };

    private static JsonObject Ended(string end)
    {
        var status =
            new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = end, ["status"] = "True" }) };
        if (end == "Complete")
        {
            status["completionTime"] = "2026-11-21T12:00:00Z";
        }

        return new JsonObject { ["status"] = status };
    }
}
