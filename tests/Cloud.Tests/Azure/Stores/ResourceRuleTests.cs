using System.Text.Json.Nodes;
using Cloud.Stores;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

/// <summary>Resource instances in an account's network rules:
/// Azure lets them in with the public network disabled too.</summary>
public sealed class ResourceRuleTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DenialOrder Recorded = new(IsRecorded: true, Earlier: null, KeepAsync: null);

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task A_resource_instance_is_shut_out_with_the_store_and_let_in_with_it()
    {
        var spec = await PreparedAsync();
        await AllowAsync(spec, Vault("backups"), Vault("restores"));
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("backups"))).ShouldBe(201);
        List<string> kept = [];

        var closed = await Stores.DenyAsync(spec, Keeping(kept, earlier: null), None);

        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("backups"))).ShouldBe(403);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
        closed.ShouldBe(new DenialOutcome(kept.ShouldHaveSingleItem(), IsKept: true, "resourceAccessRules"));
        (await Stores.DenyAsync(spec, Keeping(kept, closed.SetAside), None)).ShouldBe(DenialOutcome.Whole);
        (await Stores.AllowAsync(spec, closed.SetAside, None)).ShouldBeEmpty();
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("backups"))).ShouldBe(201);
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("restores"))).ShouldBe(201);
        (await world.AccountAsync(spec))["properties"]!["networkAcls"]!["resourceAccessRules"]!.AsArray().Count
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_resource_instance_that_is_let_into_a_closed_store_is_seen_and_shut_out_again()
    {
        var spec = await PreparedAsync();
        await AllowAsync(spec, Vault("early"));
        List<string> kept = [];
        var first = await Stores.DenyAsync(spec, Keeping(kept, earlier: null), None);
        await AllowAsync(spec, Vault("late"));
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("late"))).ShouldBe(201);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();
        (await Stores.DescribeAsync(spec, None)).Drift
            .ShouldNotContain("InterruptedClosing", "mending would take it out without keeping it");

        var second = await Stores.DenyAsync(spec, Keeping(kept, first.SetAside), None);

        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("late"))).ShouldBe(403);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
        (await Stores.AllowAsync(spec, second.SetAside, None)).ShouldBeEmpty();
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("early"))).ShouldBe(201);
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("late"))).ShouldBe(201);
    }

    [Fact]
    public async Task A_resource_instance_that_nobody_keeps_is_shut_out_all_the_same()
    {
        var spec = await PreparedAsync();
        await AllowAsync(spec, Vault("backups"));

        var closed = await Stores.DenyAsync(spec,
            new DenialOrder(IsRecorded: true, null, (_, _) => throw new IOException("no API server")), None);

        (closed.SetAside is null, closed.IsKept).ShouldBe((false, false));
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("backups"))).ShouldBe(403);
    }

    [Fact]
    public async Task A_resource_instance_that_can_not_be_let_in_again_is_told_and_holds_no_opening_up()
    {
        var spec = await PreparedAsync();
        await AllowAsync(spec, Vault("backups"));
        var closed = await Stores.DenyAsync(spec, Recorded, None);
        stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Deny()) { Service = "arm", Operation = "PatchStorageAccount", Count = 1 });

        (await Stores.AllowAsync(spec, closed.SetAside, None)).ShouldHaveSingleItem().What
            .ShouldBe("resourceAccessRules");

        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();
        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
        (await world.PutBlobAsync(spec.Store, "a", resource: Vault("backups"))).ShouldBe(403);
    }

    private static string Vault(string name) =>
        $"/subscriptions/{LocalCloudAzure.PlatformSubscription}/resourceGroups/byok/providers/Microsoft.RecoveryServices/vaults/{name}";

    private static DenialOrder Keeping(List<string> kept, string? earlier) => Recorded with
    {
        Earlier = earlier,
        KeepAsync = (aside, _) =>
        {
            kept.Add(aside);
            return Task.CompletedTask;
        },
    };

    /// <summary>Whoever cares for the account's network shuts it but for these.</summary>
    private async Task AllowAsync(StoreSpec spec, params string[] resources)
    {
        var rules = new JsonObject
        {
            ["defaultAction"] = "Deny",
            ["bypass"] = "None",
            ["resourceAccessRules"] = new JsonArray(
                [.. resources.Select(id =>
                    new JsonObject { ["tenantId"] = LocalCloudAzure.PlatformTenant, ["resourceId"] = id })]),
        };
        await world.ChangeAsync(spec,
            new JsonObject
            {
                ["properties"] = new JsonObject { ["publicNetworkAccess"] = "Disabled", ["networkAcls"] = rules },
            }.ToJsonString());
    }

    private async Task<StoreSpec> PreparedAsync()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        return spec;
    }
}
