using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Blob;

public sealed class AccessTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddHours(1);

    [Fact]
    public async Task A_token_needs_the_right_audience_tenant_and_role()
    {
        var account = cloud.NewAccount();
        var app = Guid.NewGuid().ToString();
        var oid = cloud.Admin.AddApp(app, LocalCloudAzure.PlatformTenant, "s");
        var blobs = BlobWire.Bearer(cloud, account, cloud.Secret(LocalCloudAzure.PlatformTenant, app, "s"));
        (await blobs.PutBlob("data/a", "x")).Problem.ShouldBe("403 AuthorizationPermissionMismatch");
        cloud.Admin.AddRole(oid, "Storage Blob Data Reader",
            $"{cloud.Admin.AccountId(account)}/blobServices/default/containers/data");
        (await blobs.PutBlob("data/a", "x")).Problem.ShouldBe("403 AuthorizationPermissionMismatch");
        (await blobs.Get("data/a")).Problem.ShouldBe("404 BlobNotFound");
        (await blobs.Get("?comp=list")).Problem.ShouldBe("403 AuthorizationPermissionMismatch");
        cloud.Admin.AddRole(oid, "Storage Blob Data Contributor", cloud.Admin.AccountId(account));
        (await blobs.PutBlob("data/a", "x")).Expect(201);
        (await blobs.Put("data/a?comp=tags", Encoding.UTF8.GetBytes("<Tags><TagSet/></Tags>"))).Problem
            .ShouldBe("403 AuthorizationPermissionMismatch");
        (await BlobWire.Bearer(cloud, account, cloud.TenantAdmin).Get("data/a")).Problem
            .ShouldBe("401 InvalidAuthenticationInfo");
        using var request = new HttpRequestMessage(HttpMethod.Get, LocalCloudAzure.Blob(account) + "data/a");
        request.Headers.Add("x-ms-version", BlobWire.Version);
        (await AzureAnswer.Of(
            await cloud.SendAsync(cloud.Operator, "https://vault.azure.net/.default", request))).Problem
                .ShouldBe("401 InvalidAuthenticationInfo");
        (await BlobWire.Sas(cloud, account, "").Get("data/a")).Problem.ShouldBe("401 NoAuthenticationInformation");
    }

    [Fact]
    public async Task Shared_keys_work_until_they_are_turned_off_or_made_anew()
    {
        var account = cloud.NewAccount();
        var blobs = BlobWire.Key(cloud, account);
        (await blobs.PutBlob("data/a", "x")).Expect(201);
        (await cloud.Arm()
            .Post(cloud.Admin.AccountId(account) + "/regenerateKey", new JsonObject { ["keyName"] = "key1" }))
                .Expect(200);
        (await blobs.Get("data/a")).Problem.ShouldBe("403 AuthenticationFailed");
        var fresh = BlobWire.Key(cloud, account);
        (await fresh.Get("data/a")).Expect(200);
        var sas = BlobWire.Sas(cloud, account, cloud.Read(account, "data/a"));
        (await sas.Get("data/a")).Expect(200);
        await Patch(account, "allowSharedKeyAccess", false);
        (await fresh.Get("data/a")).Problem.ShouldBe("403 KeyBasedAuthenticationNotPermitted");
        (await sas.Get("data/a")).Problem.ShouldBe("403 KeyBasedAuthenticationNotPermitted");
        (await BlobWire.Bearer(cloud, account, cloud.Operator).Get("data/a")).Expect(200);
    }

    [Fact]
    public async Task A_signature_opens_what_it_names_as_it_says_and_as_long()
    {
        var account = cloud.NewAccount();
        await BlobWire.Key(cloud, account).PutBlob("data/a", "x");
        await BlobWire.Key(cloud, account).PutBlob("data/b", "x");
        var key = cloud.Admin.AccountKey(account);
        var one = BlobWire.Sas(cloud, account, cloud.Read(account, "data/a"));
        (await one.Get("data/a")).Expect(200);
        (await one.Get("data/b")).Problem.ShouldBe("403 AuthenticationFailed");
        (await one.PutBlob("data/a", "y")).Problem.ShouldBe("403 AuthorizationPermissionMismatch");
        (await BlobWire.Sas(cloud, account,
            cloud.Read(account, "data/a").Replace("sp=r", "sp=rw", StringComparison.Ordinal))
                .PutBlob("data/a", "y")).Problem.ShouldBe("403 AuthenticationFailed");
        (await BlobWire.Sas(cloud, account,
            SharedKey.ServiceSas(account, key, "data/a", "r", DateTimeOffset.UtcNow.AddMinutes(-1)))
                .Get("data/a")).Problem.ShouldBe("403 AuthenticationFailed");
        var container = BlobWire.Sas(cloud, account, SharedKey.ServiceSas(account, key, "data", "rl", Later));
        (await container.Get("data/b")).Expect(200);
        (await container.Get("data?restype=container&comp=list")).Expect(200);
        (await container.Get("?comp=list")).Problem.ShouldBe("403 AuthenticationFailed");
        (await one.Get("data/a?snapshot=2024-01-01T00:00:00.0000000Z")).Problem
            .ShouldBe("403 AuthorizationPermissionMismatch");
        var all = BlobWire.Sas(cloud, account, SharedKey.AccountSas(account, key, "rwl", "sco", Later));
        (await all.Get("?comp=list")).Expect(200);
        (await all.PutBlob("data/c", "x")).Expect(201);
        (await BlobWire.Sas(cloud, account, SharedKey.AccountSas(account, key, "rwl", "s", Later))
            .Get("data/a")).Problem.ShouldBe("403 AuthorizationResourceTypeMismatch");
    }

    [Fact]
    public async Task A_stored_policy_taken_away_ends_what_named_it()
    {
        var account = cloud.NewAccount();
        var owner = BlobWire.Key(cloud, account);
        await owner.PutBlob("data/a", "x");
        (await Acl(
            $"<SignedIdentifier><Id>readers</Id><AccessPolicy><Expiry>{Later.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiry><Permission>r</Permission></AccessPolicy></SignedIdentifier>")).Expect(200);
        var sas = BlobWire.Sas(cloud, account,
            SharedKey.ServiceSas(account, cloud.Admin.AccountKey(account), "data", "", Later, policy: "readers"));
        (await sas.Get("data/a")).Expect(200);
        (await owner.Get("data?restype=container&comp=acl")).Xml.Descendants("Id").Single().Value.ShouldBe("readers");
        (await Acl("")).Expect(200);
        (await sas.Get("data/a")).Problem.ShouldBe("403 AuthenticationFailed");

        Task<AzureAnswer> Acl(string body) =>
            owner.Put("data?restype=container&comp=acl",
                Encoding.UTF8.GetBytes($"<SignedIdentifiers>{body}</SignedIdentifiers>"));
    }

    [Fact]
    public async Task A_delegated_signature_is_worth_what_its_delegator_may_and_can_be_revoked()
    {
        var account = cloud.NewAccount();
        await BlobWire.Key(cloud, account).PutBlob("data/a", "x");
        await Patch(account, "allowSharedKeyAccess", false);
        var app = Guid.NewGuid().ToString();
        var oid = cloud.Admin.AddApp(app, LocalCloudAzure.PlatformTenant, "s");
        var delegator = BlobWire.Bearer(cloud, account, cloud.Secret(LocalCloudAzure.PlatformTenant, app, "s"));
        var body = Encoding.UTF8.GetBytes(
            $"<KeyInfo><Start>{DateTimeOffset.UtcNow.AddMinutes(-5).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Start><Expiry>{Later.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiry></KeyInfo>");
        (await delegator.Send("POST", "?restype=service&comp=userdelegationkey", body)).Problem
            .ShouldBe("403 AuthorizationPermissionMismatch");
        cloud.Admin.AddRole(oid, "Storage Blob Data Reader", cloud.Admin.AccountId(account));
        var key = (await delegator.Send("POST", "?restype=service&comp=userdelegationkey", body)).Expect(200).Xml;
        var sas = BlobWire.Sas(cloud, account, SharedKey.DelegatedSas(account, key, "data/a", "rw", Later));
        (await sas.Get("data/a")).Expect(200);
        (await sas.PutBlob("data/a", "y")).Problem.ShouldBe("403 AuthorizationPermissionMismatch");
        (await cloud.Arm().Post(cloud.Admin.AccountId(account) + "/revokeUserDelegationKeys")).Expect(200);
        (await sas.Get("data/a")).Problem.ShouldBe("403 AuthenticationFailed");
        var again = (await delegator.Send("POST", "?restype=service&comp=userdelegationkey", body)).Expect(200).Xml;
        (await BlobWire.Sas(cloud, account, SharedKey.DelegatedSas(account, again, "data/a", "r", Later)).Get("data/a"))
            .Expect(200);
    }

    [Fact]
    public async Task A_closed_network_keeps_out_whoever_comes_with_whatever()
    {
        var account = cloud.NewAccount();
        var blobs = BlobWire.Bearer(cloud, account, cloud.Operator);
        await blobs.PutBlob("data/a", "x");
        await Patch(account, "publicNetworkAccess", "Disabled");
        (await blobs.Get("data/a")).Problem.ShouldBe("403 AuthorizationFailure");
        (await blobs.Get("data?restype=container&comp=list")).Problem.ShouldBe("403 AuthorizationFailure");
        await Patch(account, "publicNetworkAccess", "Enabled");
        await Patch(account, "networkAcls", new JsonObject { ["defaultAction"] = "Deny" });
        (await blobs.Get("data/a")).Problem.ShouldBe("403 AuthorizationFailure");
        await Patch(account, "networkAcls",
            new JsonObject
            {
                ["defaultAction"] = "Deny",
                ["ipRules"] = new JsonArray(new JsonObject { ["value"] = "127.0.0.1" }),
            });
        (await blobs.Get("data/a")).Expect(200);
    }

    private async Task Patch(string account, string property, JsonNode value) =>
        (await cloud.Arm()
            .Patch(cloud.Admin.AccountId(account),
                new JsonObject { ["properties"] = new JsonObject { [property] = value } })).Expect(200);
}
