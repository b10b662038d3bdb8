using System.Text.Json.Nodes;
using LocalCloud.Tests.Azure.Blob;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Arm;

/// <summary>Private endpoints, which lead past the public network, and what locks and policies forbid.</summary>
public sealed class ForbiddenChangeTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private ArmWire Arm => new(cloud, cloud.Operator);

    [Fact]
    public async Task A_private_endpoint_leads_in_until_it_is_rejected_whatever_the_network_says()
    {
        var account = cloud.NewAccount();
        var blobs = BlobWire.Bearer(cloud, account, cloud.Operator);
        cloud.Admin.ConnectPrivately(account, "vnet");
        (await Arm.Patch(ArmWire.Account(account), Change("publicNetworkAccess", "Disabled"))).Expect(200);
        (await blobs.PutBlob("data/a", "x")).Problem.ShouldBe("403 AuthorizationFailure");
        (await blobs.PutBlob("data/a", "x", ("x-localcloud-private-endpoint", "vnet"))).Expect(201);
        var told = (await Arm.Get(ArmWire.Account(account)))
            .Expect(200).Json["properties"]!["privateEndpointConnections"]!.AsArray().ShouldHaveSingleItem()!;
        told["properties"]!["privateLinkServiceConnectionState"]!["status"]!.ToString().ShouldBe("Approved");

        (await Arm.Put(Connection(account, "vnet"), State("Rejected"))).Expect(200);

        (await blobs.Get("data/a", ("x-localcloud-private-endpoint", "vnet"))).Problem
            .ShouldBe("403 AuthorizationFailure");
        (await Arm.Put(Connection(account, "vnet"), State("Approved"))).Expect(200);
        (await blobs.Get("data/a", ("x-localcloud-private-endpoint", "vnet"))).Expect(200);
        (await Arm.Delete(Connection(account, "vnet"))).Expect(200);
        (await Arm.Put(Connection(account, "vnet"), State("Approved"))).Problem
            .ShouldBe("404 PrivateEndpointConnectionNotFound");
    }

    [Fact]
    public async Task A_lock_on_a_group_or_a_resource_forbids_what_is_below()
    {
        var account = cloud.NewAccount();
        var id = ArmWire.Account(account);
        cloud.Admin.Lock(id, isReadOnly: false);
        (await Arm.Patch(id, Change("publicNetworkAccess", "Disabled"))).Expect(200);
        (await Arm.Delete(id)).Problem.ShouldBe("409 ScopeLocked");
        (await Arm.Delete($"{id}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}")).Problem
            .ShouldBe("409 ScopeLocked");
        cloud.Admin.Lock(id, isReadOnly: true);
        (await Arm.Patch(id, Change("publicNetworkAccess", "Enabled"))).Problem.ShouldBe("409 ScopeLocked");
        (await Arm.Post(id + "/revokeUserDelegationKeys")).Problem.ShouldBe("409 ScopeLocked");
        (await Arm.Get(id)).Expect(200);
        cloud.Admin.Unlock(id).ShouldBeTrue();
        (await Arm.Patch(id, Change("publicNetworkAccess", "Enabled"))).Expect(200);
    }

    [Fact]
    public async Task A_policy_may_forbid_one_property_alone()
    {
        var account = cloud.NewAccount();
        cloud.Admin.DenyByPolicy("keep-open", "Microsoft.Storage/storageAccounts", property: "publicNetworkAccess");
        (await Arm.Patch(ArmWire.Account(account), Change("publicNetworkAccess", "Disabled"))).Problem
            .ShouldBe("403 RequestDisallowedByPolicy");
        (await Arm.Patch(ArmWire.Account(account), Change("allowSharedKeyAccess", false))).Expect(200);
        cloud.Admin.RemovePolicy("keep-open").ShouldBeTrue();
    }

    private static string Connection(string account, string name) =>
        $"{ArmWire.Account(account)}/privateEndpointConnections/{name}";

    private static JsonObject State(string status) => new()
    {
        ["properties"] = new JsonObject
        {
            ["privateLinkServiceConnectionState"] = new JsonObject { ["status"] = status, ["description"] = "test" },
        },
    };

    private static JsonObject Change(string property, JsonNode value) =>
        new() { ["properties"] = new JsonObject { [property] = value } };
}
