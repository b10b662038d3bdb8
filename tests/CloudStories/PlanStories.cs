using System.Text.Json.Nodes;
using ByokOperator;
using ByokOperator.Api;
using ByokOperator.Commands;
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

    [Fact(Timeout = LastResort.Story)]
    public async Task On_AWS_a_plan_tells_what_only_a_look_at_an_object_shows()
    {
        var scene = new AwsScene();
        (await LookedAtAsync(scene, async () =>
        {
            await scene.PutUnderOwnKeyAsync("acme/own.txt");
            await scene.PutHeldAsync("acme/held.txt");
        })).ShouldBe([("ObjectLocked", 1, "'acme/held.txt'"), ("ObjectNotDescribed", 1, "'acme/own.txt'")]);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task On_Azure_a_plan_tells_what_only_a_look_at_a_blob_shows()
    {
        var scene = new AzureScene();
        (await LookedAtAsync(scene, () => scene.PutHeldAsync("acme/held.txt")))
            .ShouldBe([("ObjectLocked", 1, "'acme/held.txt'")]);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task On_AWS_a_way_back_is_planned_while_the_store_goes_on_and_begins_once_that_is_over()
    {
        var scene = new AwsScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await Leaving.JoinAsync(tenant);
        var planned = await PlanBackAsync(tenant);
        planned.Status!.Plan!.Obstacles.ShouldBeEmpty();
        Requests(planned, "s3:CopyObject").ShouldBe(2);
        Requests(planned, "kms:Decrypt").ShouldBe(2, "each is read under the tenant's key");
        Requests(planned, "kms:GenerateDataKey").ShouldBe(0, "and written under none");
        (await PrintedAsync(tenant, "tenant-acme/store"))
            .ShouldStartWith("0 tenant-acme/store back to the shared place: counted at ");
        await scene.PutSharedAsync("acme/c.txt", "nothing refuses it");
        await UntilObstaclesAsync(tenant, "SharedPlaceNotEmpty");
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingAsync()).ShouldNotBeNull();
        (await scene.ListSharedAsync("acme/")).ShouldBe(["acme/c.txt"]);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task On_Azure_a_way_back_is_planned_while_the_store_goes_on_and_begins_once_that_is_over()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await Leaving.JoinAsync(tenant);
        await scene.PutSharedAsync("acme/there.txt", "somebody's");
        await scene.PutStoreAsync(store, "beside.txt", "outside the prefix");
        var planned = await PlanBackAsync(tenant);
        planned.Status!.Plan!.Obstacles!.Select(one => one.Reason)
            .ShouldBe(["SharedPlaceNotEmpty", "WrittenOutsidePrefix"]);
        Requests(planned, "blob:PutBlobFromUrl").ShouldBe(2);

        await scene.DeleteSharedAsync("acme/there.txt");
        await scene.DeleteAsync(store, "beside.txt");
        await tenant.LookAsync();
        await UntilObstaclesAsync(tenant);
        await Leaving.PatchAsync(tenant, Mode(MigrationPolicy.Run));
        (await Leaving.UntilLeftAsync(tenant)).Status!.Plan.ShouldBeNull();
        await Leaving.ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_deletion_that_gives_the_data_back_may_be_planned_first()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await Leaving.JoinAsync(tenant);
        await Leaving.ConfirmAsync(tenant);
        await Leaving.PatchAsync(tenant, Mode(MigrationPolicy.Plan));
        await Leaving.PatchAsync(tenant, new JsonObject
        {
            ["spec"] = new JsonObject { ["deletionPolicy"] = DeletionPolicies.ReturnToShared },
        });
        await tenant.DeleteAsync<EncryptedStore>("store");
        var planned = await tenant.UntilAsync(IsPlannedBack);
        planned.Status!.Plan!.Objects.ShouldBe(2);
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingAsync()).ShouldNotBeNull();
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();

        await Leaving.PatchAsync(tenant, Mode(MigrationPolicy.Run));
        await tenant.UntilGoneAsync();
        await Leaving.ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
    }

    private static async Task<IEnumerable<(string Reason, long Count, string First)>> LookedAtAsync(
        ICloudScene scene, Func<Task> put)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/plain.txt", "12345");
        await put();
        await tenant.ApplyKeyAsync();
        await ApplyAsync(tenant, MigrationPolicy.Plan);
        var plan = (await tenant.UntilAsync(store => store.Status!.Plan is { State: "Complete" })).Status!.Plan!;
        plan.Obstacles!.ShouldAllBe(one => one.Message.EndsWith(
            $"(found among {plan.Versions} of {plan.Versions} versions, which were looked at one by one)"));
        return plan.Obstacles!.Select(one => (one.Reason, one.Count, one.Message.Split(':')[0]));
    }

    /// <summary>Consent stands, and nothing begins for it.</summary>
    private static async Task<EncryptedStore> PlanBackAsync(TenantLife tenant)
    {
        await Leaving.PatchAsync(tenant, Mode(MigrationPolicy.Plan));
        await Leaving.ConfirmAsync(tenant);
        await Leaving.LeaveAsync(tenant);
        var planned = await tenant.UntilAsync(store =>
            IsPlannedBack(store) && TenantLife.Is(store, "Ready", "True") && store.Status!.Availability == "Open");
        (planned.Status!.Plan!.Objects, planned.Status.Plan.Bytes, planned.Status.Plan.LargestBytes)
            .ShouldBe((2, 6, 3));
        return planned;
    }

    private static bool IsPlannedBack(EncryptedStore store) =>
        TenantLife.SaysOf(store, "ReturnConfirmed", "ReturnPlanned") && store.Status!.Plan is { State: "Complete" };

    private static Task<EncryptedStore> UntilObstaclesAsync(TenantLife tenant, params string[] reasons) =>
        tenant.UntilAsync(store => IsPlannedBack(store)
            && (store.Status!.Plan!.Obstacles ?? []).Select(one => one.Reason).SequenceEqual(reasons));

    private static long Requests(EncryptedStore store, string action) =>
        store.Status!.Plan!.Requests!.SingleOrDefault(one => one.Action == action)?.Count ?? 0;

    private static JsonObject Mode(string mode) => new()
    {
        ["spec"] = new JsonObject { ["migration"] = new JsonObject { ["mode"] = mode } },
    };

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
