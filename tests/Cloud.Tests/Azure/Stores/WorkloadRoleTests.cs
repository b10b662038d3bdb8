using System.Text.Json.Nodes;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

/// <summary>What workloads may do in a store of their tenant, and what they may not.</summary>
public sealed class WorkloadRoleTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string WorkloadRole = "Storage Blob Data Contributor";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    [Fact]
    public async Task The_workloads_role_is_given_taken_on_closing_and_given_back()
    {
        var principal = stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");
        var (cloud, spec) = (stand.Cloud, world.NewSpec() with { Workloads = new(null, principal) });
        await cloud.Stores.PrepareAsync(spec, None);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(1);

        await cloud.Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(0);
        await cloud.Stores.PrepareAsync(spec, None);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(0);

        await cloud.Stores.AllowAsync(spec, setAside: null, None);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(1);
        stand.Admin.RemoveRole(principal, WorkloadRole);
        (await cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["WorkloadRole"]);
    }

    [Fact]
    public async Task The_workloads_role_ends_with_the_account_and_lets_nobody_into_the_next_one_of_that_name()
    {
        var principal = stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");
        var (cloud, spec) = (stand.Cloud, world.NewSpec() with { Workloads = new(null, principal) });
        await cloud.Stores.PrepareAsync(spec, None);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(1);
        await cloud.Stores.DeleteAsync(spec with { Workloads = null }, None);
        stand.Admin.CreateAccount(spec.Store.Name.Split('/')[0]);
        (await RolesAsync(cloud, spec, principal)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Workloads_write_data_and_never_our_marks()
    {
        var app = Guid.NewGuid().ToString();
        var (cloud, spec) = (stand.Cloud,
            world.NewSpec() with
            {
                Workloads = new(null, stand.Admin.AddApp(app, LocalCloudAzure.PlatformTenant, "secret")),
            });
        using var workload = stand.NewCloud(change: options =>
            options with { ClientId = app, ClientSecret = "secret", FederatedTokenFile = null });
        var asWorkload = new AzureStores(stand, workload);
        await cloud.Stores.PrepareAsync(spec, None);
        (await world.PutBlobAsync(spec.Store, ".byok/pin.json")).ShouldBe(201);

        (await asWorkload.PutBlobAsync(spec.Store, "acme/a")).ShouldBe(201);
        (await asWorkload.PutBlobAsync(spec.Store, "acme/.byok/a")).ShouldBe(201);
        (await asWorkload.PutBlobAsync(spec.Store, ".byok/pin.json")).ShouldBe(403);
        (await asWorkload.PutBlobAsync(spec.Store, ".byok/receipt.json")).ShouldBe(403);
        (await asWorkload.DeleteBlobAsync(spec.Store, ".byok/pin.json")).ShouldBe(403);
        (await asWorkload.DeleteBlobAsync(spec.Store, "acme/a")).ShouldBe(202);
    }

    [Fact]
    public async Task A_workloads_role_that_was_given_without_bounds_is_drift_and_is_bounded()
    {
        var principal = stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");
        var (cloud, spec) = (stand.Cloud, world.NewSpec() with { Workloads = new(null, principal) });
        await cloud.Stores.PrepareAsync(spec, None);
        var id = await LoosenAsync(cloud, spec, principal);
        (await cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["WorkloadRole"]);

        await cloud.Stores.PrepareAsync(spec, None);

        (await cloud.Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
        ((string?)(await RoleAsync(cloud, id))["properties"]!["condition"]).ShouldNotBeNull()
            .ShouldContain("StringNotLike '.byok/*'");
    }

    [Fact]
    public async Task Another_principal_takes_the_place_of_the_first_and_none_leaves_nobody_in()
    {
        var (first, second) = (NewPrincipal(), NewPrincipal());
        var (stores, spec) = (stand.Cloud.Stores, world.NewSpec() with { Workloads = new(null, first) });
        await stores.PrepareAsync(spec, None);

        var another = spec with { Workloads = new(null, second) };
        (await stores.DescribeAsync(another, None)).Drift.ShouldBe(["WorkloadRole"]);
        await stores.PrepareAsync(another, None);
        (await RolesAsync(stand.Cloud, spec, first)).Count.ShouldBe(0);
        (await RolesAsync(stand.Cloud, spec, second)).Count.ShouldBe(1);
        (await stores.DescribeAsync(another, None)).Drift.ShouldBeEmpty();

        var nobody = spec with { Workloads = DataPrincipal.Nobody };
        (await stores.DescribeAsync(nobody, None)).Drift.ShouldBe(["WorkloadRole"]);
        await stores.PrepareAsync(nobody, None);
        (await RolesAsync(stand.Cloud, spec, second)).Count.ShouldBe(0);
        (await stores.DescribeAsync(nobody, None)).Drift.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_takes_the_role_from_whomever_it_was_given_to(bool isTold)
    {
        var principal = NewPrincipal();
        var (stores, spec) = (stand.Cloud.Stores, world.NewSpec() with { Workloads = new(null, principal) });
        await stores.PrepareAsync(spec, None);

        var late = spec with { Workloads = isTold ? new(null, NewPrincipal()) : null };
        await stores.DenyAsync(late, DenialOrder.ByTag, None);

        (await RolesAsync(stand.Cloud, spec, principal)).Count.ShouldBe(0);
        var seen = await stores.LookAtDenialAsync(late, None);
        (seen.IsDenied, seen.SettlesAt is not null).ShouldBe((true, true),
            "a role that was taken has its time to settle, whoever had it");
    }

    [Fact]
    public async Task While_nobody_can_tell_who_the_workloads_are_what_was_given_stays_and_nothing_is_given()
    {
        var principal = NewPrincipal();
        var (stores, spec) = (stand.Cloud.Stores, world.NewSpec() with { Workloads = new(null, principal) });
        await stores.PrepareAsync(spec, None);
        var untold = spec with { Workloads = null };
        (await stores.DescribeAsync(untold, None)).Drift.ShouldBeEmpty();
        await stores.PrepareAsync(untold, None);
        (await RolesAsync(stand.Cloud, spec, principal)).Count.ShouldBe(1);

        var bare = world.NewSpec() with { Workloads = null };
        await stores.PrepareAsync(bare, None);
        (await stores.DescribeAsync(bare, None)).Drift.ShouldBeEmpty();
    }

    private string NewPrincipal() =>
        stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");

    /// <summary>As whoever has the right to could: the same assignment, without its condition.</summary>
    private static async Task<string> LoosenAsync(AzureCloud cloud, StoreSpec spec, string principal)
    {
        var role = (await RolesAsync(cloud, spec, principal)).Single()!;
        var properties = role["properties"]!.DeepClone().AsObject();
        properties.Remove("condition");
        var id = (string)role["id"]!;
        var call = new AzureCall("arm:Put", global::Azure.Core.RequestMethod.Put, RoleAddress(id),
            AzureAudience.ResourceManager)
        {
            Headers = [("Content-Type", "application/json")],
            Body = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["properties"] = properties }.ToJsonString()),
        };
        var reply = await cloud.Caller.SendAsync(call, None);
        return id;
    }

    private static async Task<JsonObject> RoleAsync(AzureCloud cloud, string id)
    {
        var reply = await cloud.Caller.SendAsync(
            new("arm:Get", global::Azure.Core.RequestMethod.Get, RoleAddress(id), AzureAudience.ResourceManager), None);
        return JsonNode.Parse(reply.Body.ToMemory().Span)!.AsObject();
    }

    private static Uri RoleAddress(string id) => new($"https://management.azure.com{id}?api-version=2022-04-01");

    private static async Task<JsonArray> RolesAsync(AzureCloud cloud, StoreSpec spec, string principal)
    {
        var id =
            $"/subscriptions/{LocalCloudAzure.PlatformSubscription}/resourceGroups/byok/providers/Microsoft.Storage/storageAccounts/{spec.Store.Name.Split('/')[0]}";
        var address = new Uri(
            $"https://management.azure.com{id}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=principalId%20eq%20'{principal}'");
        var reply = await cloud.Caller.SendAsync(
            new("arm:List", global::Azure.Core.RequestMethod.Get, address, AzureAudience.ResourceManager), None);
        return JsonNode.Parse(reply.Body.ToMemory().Span)!["value"]!.AsArray();
    }
}
