using ByokOperator.Api;
using ByokOperator.Hosting;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A move that is planned first: told before anything is made, and the same once it is made.</summary>
public sealed class PlanStories
{
    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_a_plan_makes_nothing_and_tells_what_the_move_will_meet() => TellAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_a_plan_makes_nothing_and_tells_what_the_move_will_meet() => TellAsync(new AzureScene());

    private static async Task TellAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        foreach (var name in new[] { "acme/a.txt", "acme/b.txt", "acme/old.txt" })
        {
            await scene.PutSharedAsync(name, "12345");
        }

        await scene.ArchiveSharedAsync("acme/old.txt");
        await tenant.ApplyKeyAsync();
        await ApplyAsync(tenant, MigrationPolicy.Plan);
        var planned = await tenant.UntilAsync(store => store.Status!.Plan is { State: "Complete" });
        var plan = planned.Status!.Plan!;
        (plan.Objects, plan.Bytes, plan.LargestBytes).ShouldBe((3, 14, 5));
        var obstacle = plan.Obstacles!.ShouldHaveSingleItem();
        (obstacle.Reason, obstacle.Count).ShouldBe(("ObjectArchived", 1));
        obstacle.Message.ShouldContain("'acme/old.txt'");
        (TenantLife.Is(planned, "Ready", "False"), TenantLife.ReasonOf(planned)).ShouldBe((true, "Planned"));

        var printed = await PrintedAsync(tenant, "tenant-acme/store");
        printed.ShouldStartWith("0 tenant-acme/store: counted at ");
        printed.ShouldContain("ObjectArchived (1): 'acme/old.txt'");
        (await PrintedAsync(tenant, "tenant-acme/stor"))
            .ShouldBe("1 byok-operator: there is no EncryptedStore tenant-acme/stor; did you mean tenant-acme/store?");

        scene.Stands(planned.Status.Location!).ShouldBeFalse();
        (await scene.ListSharedAsync("acme/")).Count.ShouldBe(3);
        planned.Metadata.Finalizers.ShouldBeNull();
        (await tenant.Stage.Kube.Api<Job>().ListPageAsync(Selection.Everything, null, CancellationToken.None)).Items
            .ShouldBeEmpty();
        (await tenant.BindingAsync()).ShouldBeNull();

        await ApplyAsync(tenant, MigrationPolicy.Run);
        var met = await tenant.UntilAsync(store => TenantLife.SaysOf(store, "BulkCopied", "ObjectsRefused"));
        Conditions.Find(met.Status!.Conditions, "BulkCopied")!.Message.ShouldContain("'acme/old.txt'");
        met.Status.Plan.ShouldBeNull();
    }

    /// <summary>Exit code, and what either the page or the person was told.</summary>
    private static async Task<string> PrintedAsync(TenantLife tenant, string store)
    {
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-plan-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, tenant.Stage.Server!.Kubeconfig);
        using StringWriter page = new(), told = new();
        var parsed = new System.CommandLine.RootCommand { PlanCommand.Create() }.Parse(
            ["plan", store, "--kubeconfig", kubeconfig], CommandLine.Parsing);
        var code = await PlanCommand.ActAsync(parsed, page, told, CancellationToken.None);
        File.Delete(kubeconfig);
        return $"{code} {page}{told}".TrimEnd();
    }

    private static Task ApplyAsync(TenantLife tenant, string mode) =>
        tenant.ApplyStoreAsync(change: spec => spec with { Migration = spec.Migration with { Mode = mode } });
}
