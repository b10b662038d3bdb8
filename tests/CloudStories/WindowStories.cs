using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A move that waits for its maintenance window: nobody is held up before,
/// and what a window does not see the end of is let go.</summary>
public sealed class WindowStories
{
    private const int Replicas = 3;

    private static readonly ObjectKey app = new(TenantLife.Acme, "backup");

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_nobody_is_held_up_before_the_window_opens_and_then_readers_are_switched() =>
        OpensAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_nobody_is_held_up_before_the_window_opens_and_then_readers_are_switched() =>
        OpensAsync(new AzureScene());

    [Fact(Timeout = LastResort.Story)]
    public Task
        On_AWS_a_window_that_ends_first_lets_writers_and_workloads_go_on_and_the_next_one_completes_the_data() =>
            EndsAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task
        On_Azure_a_window_that_ends_first_lets_writers_and_workloads_go_on_and_the_next_one_completes_the_data() =>
            EndsAsync(new AzureScene());

    private static async Task OpensAsync(ICloudScene scene)
    {
        await using var tenant = await BeginAsync(scene);
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await ApplyAsync(tenant, opens: TimeSpan.FromHours(6));
        var waiting = await tenant.UntilAsync(store => TenantLife.ReasonOf(store) == "WindowNotOpen");
        Conditions.Find(waiting.Status!.Conditions, "Ready")!.Message
            .ShouldContain("waits for the maintenance window until ");
        TenantLife.Is(waiting, "BulkCopied", "True").ShouldBeTrue();
        await scene.PutSharedAsync("acme/b.txt", "written while it waits");
        (await RunningAsync(tenant)).ShouldBe(Replicas);

        await ApplyAsync(tenant, opens: TimeSpan.FromHours(-1));
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ReadAsync(place, "acme/a.txt")).ShouldBe("one");
        (await scene.ReadAsync(place, "acme/b.txt")).ShouldBe("written while it waits");
        (await RunningAsync(tenant)).ShouldBe(Replicas);
    }

    private static async Task EndsAsync(ICloudScene scene)
    {
        await using var tenant = await BeginAsync(scene);
        var turnstile = new Turnstile();
        scene.HoldCopies(turnstile);
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await ApplyAsync(tenant, opens: TimeSpan.FromHours(-1));
        await Until.TrueAsync("the first copy has listed what there is", () => Task.FromResult(turnstile.Arrived > 0));
        await scene.PutSharedAsync("acme/b.txt", "for the last copy");
        turnstile.Admit(1);
        await tenant.UntilAsync(store => TenantLife.Is(store, "WritesFenced", "True"));
        (await RunningAsync(tenant)).ShouldBe(0);

        await ApplyAsync(tenant, opens: TimeSpan.FromHours(6));
        await tenant.UntilAsync(store =>
            TenantLife.Is(store, "WritesFenced", "False") && TenantLife.Is(store, "WorkloadsResumed", "True"));
        await Until.TrueAsync("workloads run again", async () => await RunningAsync(tenant) == Replicas);
        await scene.PutSharedAsync("acme/a.txt", "written again");
        await scene.PutSharedAsync("acme/b.txt", "written again too");
        (await tenant.BindingAsync()).ShouldBeNull();

        turnstile.Open();
        await ApplyAsync(tenant, opens: TimeSpan.FromHours(-1), fenceTimeout: "30s");
        var place = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ReadAsync(place, "acme/a.txt")).ShouldBe("written again");
        (await scene.ReadAsync(place, "acme/b.txt")).ShouldBe("written again too");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        (await RunningAsync(tenant)).ShouldBe(Replicas);
    }

    private static async Task<TenantLife> BeginAsync(ICloudScene scene)
    {
        var tenant = await TenantLife.BeginAsync(scene);
        await tenant.Stage.Kube.Api<Deployment>().CreateAsync(
            new Deployment
            {
                Metadata = new ObjectMeta
                {
                    Name = app.Name,
                    Namespace = app.Namespace,
                    Labels = new Dictionary<string, string> { ["app"] = "backup" },
                },
                Spec = new ReplicaSpec { Replicas = Replicas },
            }, CancellationToken.None);
        return tenant;
    }

    private static async Task<int?> RunningAsync(TenantLife tenant) =>
        (await tenant.Stage.Kube.Api<Deployment>().GetAsync(app, CancellationToken.None)).Spec?.Replicas;

    /// <summary>A window of four hours, each day, that opens so long from now.</summary>
    private static Task ApplyAsync(TenantLife tenant, TimeSpan opens, string fenceTimeout = "10m")
    {
        var at = TimeProvider.System.GetUtcNow() + opens;
        return tenant.ApplyStoreAsync(fenceTimeout: fenceTimeout, change: spec => spec with
        {
            Workloads = new WorkloadPolicy
            {
                DuringMigration = WorkloadPolicy.Window,
                Selector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "backup" } },
            },
            MaintenanceWindows = [new MaintenanceWindow { Schedule = $"{at.Minute} {at.Hour} * * *", Duration = "4h" }],
        });
    }
}
