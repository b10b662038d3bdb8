using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Resources.Models;
using Azure.ResourceManager.Resources;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Arm;

public sealed class StorageAccountTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private ArmWire Arm => new(cloud, cloud.Operator);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_real_client_waits_for_an_account_to_be_made(bool statusDocuments)
    {
        cloud.Admin.UseStatusDocuments = statusDocuments;
        try
        {
            var client = new ArmClient(cloud.Operator, LocalCloudAzure.PlatformSubscription,
                cloud.Options(new ArmClientOptions()));
            var id = new ResourceIdentifier(ArmWire.Account(cloud.Name("made")));
            // Without properties: the client writes those by reflection, which this product has off.
            var data = new GenericResourceData(new AzureLocation(LocalCloudAzure.Location))
            {
                Sku = new ResourcesSku { Name = "Standard_LRS" },
                Kind = "StorageV2",
            };
            var made = await client.GetGenericResources().CreateOrUpdateAsync(WaitUntil.Completed, id, data);
            made.HasCompleted.ShouldBeTrue();
            var seen = (await client.GetGenericResource(id).GetAsync()).Value.Data;
            JsonNode.Parse(seen.Properties)!["provisioningState"]!.ToString().ShouldBe("Succeeded");
            seen.Location.Name.ShouldBe(LocalCloudAzure.Location);
        }
        finally
        {
            cloud.Admin.UseStatusDocuments = false;
        }
    }

    [Fact]
    public async Task Making_takes_its_time_and_nothing_else_is_done_meanwhile()
    {
        var name = cloud.Name("slow");
        cloud.Admin.OperationTime = TimeSpan.FromMinutes(1);
        var accepted = (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount())).Expect(202);
        cloud.Admin.OperationTime = TimeSpan.Zero;
        var monitor = accepted.Header("Location")!;
        (await Arm.Get(monitor)).Expect(202).Header("Location").ShouldBe(monitor);
        (await Arm.Get(ArmWire.Account(name))).Json["properties"]!["provisioningState"]!.ToString()
            .ShouldBe("Creating");
        (await Arm.Patch(ArmWire.Account(name), [])).Problem.ShouldBe("409 StorageAccountOperationInProgress");
        cloud.Server.Admin.ClockOffset = TimeSpan.FromMinutes(1);
        try
        {
            (await Arm.Get(monitor)).Expect(200).Json["name"]!.ToString().ShouldBe(name);
        }
        finally
        {
            cloud.Server.Admin.ClockOffset = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task Changes_are_merged_and_what_creation_settles_stays()
    {
        var name = await NewAccount();
        await Arm.Patch(ArmWire.Account(name),
            new JsonObject
            {
                ["tags"] = new JsonObject { ["tenant"] = "acme" },
                ["properties"] = new JsonObject { ["publicNetworkAccess"] = "Disabled" },
            });
        var seen = (await Arm.Get(ArmWire.Account(name))).Expect(200).Json;
        $"{seen["tags"]!["tenant"]} {seen["properties"]!["publicNetworkAccess"]} {seen["properties"]!["minimumTlsVersion"]} {seen["properties"]!["allowSharedKeyAccess"]}".ShouldBe("acme Disabled TLS1_2 false");
        foreach (var encryption
            in new[]
            {
                """{"requireInfrastructureEncryption":true}""",
                """{"services":{"queue":{"keyType":"Account"}}}""",
            })
        {
            var change =
                new JsonObject { ["properties"] = new JsonObject { ["encryption"] = JsonNode.Parse(encryption) } };
            (await Arm.Patch(ArmWire.Account(name), change)).Problem.ShouldBe("400 AccountPropertyCannotBeUpdated");
        }

        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount(location: "northeurope"))).Problem
            .ShouldBe("409 InvalidResourceLocation");
        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount())).Expect(200);
        (await Arm.Delete(ArmWire.Account(name))).Expect(200);
        (await Arm.Delete(ArmWire.Account(name))).Expect(204);
        (await Arm.Get(ArmWire.Account(name))).Problem.ShouldBe("404 ResourceNotFound");
    }

    [Fact]
    public async Task Names_are_short_plain_and_the_worlds()
    {
        (await Arm.Put(ArmWire.Account("averyveryverylongname12345"), ArmWire.NewAccount())).Problem
            .ShouldBe("400 AccountNameInvalid");
        (await Arm.Put(ArmWire.Account("With-Hyphen"), ArmWire.NewAccount())).Problem
            .ShouldBe("400 AccountNameInvalid");
        var name = await NewAccount();
        var elsewhere = ArmWire.Account(name)
            .Replace(LocalCloudAzure.PlatformSubscription, LocalCloudAzure.TenantSubscription,
                StringComparison.Ordinal);
        var body = ArmWire.NewAccount();
        body.Remove("identity");
        (await new ArmWire(cloud, cloud.TenantAdmin).Put(elsewhere, body)).Problem
            .ShouldBe("409 StorageAccountAlreadyTaken");
        var path =
            $"/subscriptions/{LocalCloudAzure.PlatformSubscription}/providers/Microsoft.Storage/checkNameAvailability";
        ((string?)(await Arm.Post(path, new JsonObject { ["name"] = name })).Json["reason"]).ShouldBe("AlreadyExists");
        ((string?)(await Arm.Post(path, new JsonObject { ["name"] = "No" })).Json["reason"])
            .ShouldBe("AccountNameInvalid");
        ((bool)(await Arm.Post(path, new JsonObject { ["name"] = cloud.Name("free") })).Json["nameAvailable"]!)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Policies_and_locations_may_say_no()
    {
        (await Arm.Put(ArmWire.Account(cloud.Name("far")), ArmWire.NewAccount(location: "atlantis"))).Problem
            .ShouldBe("400 LocationNotAvailableForResourceType");
        cloud.Admin.ForbidLocation(LocalCloudAzure.PlatformSubscription, "eastus");
        (await Arm.Put(ArmWire.Account(cloud.Name("east")), ArmWire.NewAccount(location: "East US"))).Problem
            .ShouldBe("403 RequestDisallowedByAzure");
        cloud.Admin.DenyByPolicy("no-storage", "Microsoft.Storage/storageAccounts", "uksouth");
        var name = cloud.Name("denied");
        var denied = await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount(location: "uksouth"));
        $"{denied.Problem} {denied.Json["error"]!["additionalInfo"]![0]!["type"]}".ShouldBe(
            "403 RequestDisallowedByPolicy PolicyViolation");
        cloud.Admin.RemovePolicy("no-storage");
        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount(location: "uksouth"))).Expect(202);
    }

    [Fact]
    public async Task Keys_are_listed_and_made_anew_one_at_a_time()
    {
        var name = await NewAccount();
        var before = Keys(await Arm.Post(ArmWire.Account(name) + "/listKeys"));
        var after =
            Keys(await Arm.Post(ArmWire.Account(name) + "/regenerateKey", new JsonObject { ["keyName"] = "key1" }));
        after[0].ShouldNotBe(before[0]);
        after[1].ShouldBe(before[1]);
        after[0].ShouldBe(cloud.Admin.AccountKey(name));
    }

    [Fact]
    public async Task The_blob_service_and_its_containers_are_resources()
    {
        var name = await NewAccount();
        var service = ArmWire.Account(name) + "/blobServices/default";
        await Arm.Put(service, new JsonObject { ["properties"] = new JsonObject { ["isVersioningEnabled"] = true } });
        await Arm.Put(service,
            new JsonObject
            {
                ["properties"] =
                    new JsonObject { ["deleteRetentionPolicy"] = new JsonObject { ["enabled"] = true, ["days"] = 7 } },
            });
        var seen = (await Arm.Get(service)).Json["properties"]!;
        $"{seen["isVersioningEnabled"]} {seen["deleteRetentionPolicy"]!["days"]}".ShouldBe("true 7");
        (await Arm.Put(service + "/containers/data", new JsonObject())).Expect(201);
        (await Arm.Put(service + "/containers/data", new JsonObject())).Expect(200);
        (await Arm.Put(service + "/containers/No", new JsonObject())).Problem.ShouldBe("400 ContainerNameInvalid");
        (await Arm.Get(service + "/containers")).Json["value"]!.AsArray().Count.ShouldBe(1);
        (await Arm.Delete(service + "/containers/data")).Expect(200);
        (await Arm.Get(service + "/containers/data")).Problem.ShouldBe("404 ContainerNotFound");
    }

    [Fact]
    public async Task Requests_are_rationed_and_the_rest_is_told()
    {
        var name = await NewAccount();
        (await Arm.Patch(ArmWire.Account(name), [])).Header("x-ms-ratelimit-remaining-subscription-writes")
            .ShouldNotBeNull();
        cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "arm", Operation = "GetStorageAccount", Count = 1 });
        var throttled = await Arm.Get(ArmWire.Account(name));
        $"{throttled.Problem} {throttled.Header("Retry-After")}".ShouldBe("429 SubscriptionRequestsThrottled 1");
        var subscription = Guid.NewGuid().ToString();
        cloud.Admin.AddSubscription(subscription, LocalCloudAzure.PlatformTenant);
        cloud.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Contributor", "/subscriptions/" + subscription);
        cloud.Admin.SetArmBurst(2, 250);
        try
        {
            var codes = new List<int>();
            for (var i = 0; i < 4; i++)
            {
                codes.Add(
                    (await Arm.Put($"/subscriptions/{subscription}/resourceGroups/rg{i}",
                        new JsonObject { ["location"] = "westeurope" })).Status);
            }

            codes[0].ShouldBe(201);
            codes.ShouldContain(429);
        }
        finally
        {
            cloud.Admin.SetArmBurst(200, 250);
        }
    }

    private async Task<string> NewAccount()
    {
        var name = cloud.Name("account");
        (await Arm.Put(ArmWire.Account(name), ArmWire.NewAccount())).Expect(202);
        return name;
    }

    private static string[] Keys(AzureAnswer answer) =>
        [.. answer.Expect(200).Json["keys"]!.AsArray().Select(key => (string)key!["value"]!)];
}
