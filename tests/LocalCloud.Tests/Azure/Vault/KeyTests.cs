using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Azure.Vault;

public sealed class KeyTests(AzureFixture cloud) : IClassFixture<AzureFixture>
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task A_key_wraps_unwraps_and_rotates_and_old_versions_go_on()
    {
        var (client, vault) = NewVault();
        var made = (await client.Create("acme")).Expect(200).Json;
        var first = ((string)made["key"]!["kid"]!).Split('/')[^1];
        $"{made["key"]!["kty"]} {made["attributes"]!["recoveryLevel"]}".ShouldBe("RSA Recoverable");
        var wrapped = VaultClient.Value(await client.Wrap("acme", Secret));
        VaultClient.Value(await client.Unwrap("acme", wrapped)).ShouldBe(Secret);
        var second = ((string)(await client.Post("keys/acme/rotate")).Expect(200).Json["key"]!["kid"]!).Split('/')[^1];
        second.ShouldNotBe(first);
        cloud.Admin.LatestVersion(vault, "acme").ShouldBe(second);
        (await client.Unwrap("acme", wrapped)).Problem.ShouldBe("400 BadParameter");
        VaultClient.Value(await client.Unwrap($"acme/{first}", wrapped)).ShouldBe(Secret);
        (await client.Get("keys/acme/versions")).Expect(200).Json["value"]!.AsArray().Count.ShouldBe(2);
        ((string)(await client.Get($"keys/acme/{first}")).Expect(200).Json["key"]!["kid"]!).ShouldEndWith(first);
    }

    [Theory]
    [InlineData("encrypt", "decrypt", "RSA-OAEP")]
    [InlineData("encrypt", "decrypt", "RSA-OAEP-256")]
    [InlineData("wrapkey", "unwrapkey", "RSA-OAEP")]
    public async Task What_an_operation_hides_its_counterpart_reveals(string hide, string reveal, string algorithm)
    {
        var (client, vault) = NewVault();
        cloud.Admin.CreateKey(vault, "acme");
        var hidden = VaultClient.Value(await client.Crypt("acme", hide, Secret, algorithm));
        VaultClient.Value(await client.Crypt("acme", reveal, hidden, algorithm)).ShouldBe(Secret);
    }

    [Fact]
    public async Task A_disabled_key_is_described_and_not_used()
    {
        var (client, vault) = NewVault();
        cloud.Admin.CreateKey(vault, "acme");
        await client.Patch("keys/acme", new JsonObject { ["attributes"] = new JsonObject { ["enabled"] = false } });
        (await client.Wrap("acme", Secret)).Problem.ShouldBe("403 Forbidden KeyDisabled");
        ((bool)(await client.Get("keys/acme")).Expect(200).Json["attributes"]!["enabled"]!).ShouldBeFalse();
        cloud.Admin.SetKeyEnabled(vault, "acme", true);
        await client.Wrap("acme", Secret);
    }

    [Fact]
    public async Task An_expired_key_reveals_what_it_hid_and_hides_no_more()
    {
        var (client, vault) = NewVault();
        cloud.Admin.CreateKey(vault, "acme");
        var wrapped = VaultClient.Value(await client.Wrap("acme", Secret));
        await client.Patch($"keys/acme/{cloud.Admin.LatestVersion(vault, "acme")}",
            new JsonObject
            {
                ["attributes"] = new JsonObject { ["exp"] = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds() },
            });
        (await client.Wrap("acme", Secret)).Problem.ShouldBe("403 Forbidden KeyExpired");
        VaultClient.Value(await client.Unwrap("acme", wrapped)).ShouldBe(Secret);
    }

    [Fact]
    public async Task A_key_does_only_what_it_was_made_for()
    {
        var (client, _) = NewVault();
        await client.Post("keys/acme/create",
            new JsonObject { ["kty"] = "RSA", ["key_size"] = 3072, ["key_ops"] = new JsonArray("encrypt") });
        (await client.Wrap("acme", Secret)).Problem.ShouldBe("403 Forbidden KeyOperationForbidden");
        (await client.Crypt("acme", "encrypt", Secret)).Expect(200);
    }

    [Fact]
    public async Task A_deleted_key_comes_back_and_a_protected_one_cannot_be_purged()
    {
        var (client, vault) = NewVault();
        await client.Create("acme");
        var wrapped = VaultClient.Value(await client.Wrap("acme", Secret));
        ((string?)(await client.Delete("keys/acme")).Expect(200).Json["recoveryId"])
            .ShouldBe($"https://{vault}.vault.azure.net/deletedkeys/acme");
        (await client.Get("keys/acme")).Problem.ShouldBe("404 KeyNotFound");
        (await client.Create("acme")).Problem.ShouldBe("409 Conflict ObjectIsDeletedButRecoverable");
        (await client.Delete("deletedkeys/acme")).Problem.ShouldBe("403 Forbidden");
        (await client.Get("deletedkeys")).Json["value"]!.AsArray().Count.ShouldBe(1);
        (await client.Post("deletedkeys/acme/recover")).Expect(200);
        VaultClient.Value(await client.Unwrap("acme", wrapped)).ShouldBe(Secret);
    }

    [Fact]
    public async Task Without_purge_protection_a_deleted_key_can_be_ended()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault, purgeProtection: false);
        var client = new VaultClient(cloud, vault, cloud.TenantAdmin);
        ((string?)(await client.Create("acme")).Json["attributes"]!["recoveryLevel"]).ShouldBe("Recoverable+Purgeable");
        await client.Delete("keys/acme");
        (await client.Delete("deletedkeys/acme")).Expect(204);
        (await client.Get("deletedkeys/acme")).Problem.ShouldBe("404 KeyNotFound");
        (await client.Create("acme")).Expect(200);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        var (client, _) = NewVault();
        foreach (var name in new[] { "c", "a", "b" })
        {
            await client.Post($"keys/{name}/create", new JsonObject { ["kty"] = "EC" });
        }

        var page = (await client.Get("keys?maxresults=2")).Expect(200).Json;
        page["value"]!.AsArray().Select(one => ((string)one!["kid"]!).Split('/')[^1]).ShouldBe(["a", "b"]);
        var next = new Uri((string)page["nextLink"]!);
        (await client.Get("keys?maxresults=2&$skiptoken=2")).Json["value"]!.AsArray().Count.ShouldBe(1);
        next.Query.ShouldContain("skiptoken=2");
    }

    [Fact]
    public async Task Versions_of_the_api_before_7_4_and_unknown_kinds_are_refused()
    {
        var (client, _) = NewVault();
        (await client.Send(HttpMethod.Get, "keys", null, "7.0")).Problem.ShouldBe("400 BadParameter");
        (await client.Post("keys/a/create", new JsonObject { ["kty"] = "oct-HSM" })).Problem
            .ShouldBe("400 BadParameter");
        (await client.Post("keys/a/create", new JsonObject { ["kty"] = "RSA", ["key_size"] = 1024 })).Problem
            .ShouldBe("400 BadParameter");
        (await client.Post("keys/a/create", new JsonObject { ["kty"] = "RSA-HSM" })).Problem
            .ShouldBe("400 BadParameter");
        (await client.Post("keys/a/create", new JsonObject { ["kty"] = "RSA", ["key_size"] = "many" })).Problem
            .ShouldBe("400 BadParameter");
    }

    [Fact]
    public async Task Throttling_says_how_long_to_wait()
    {
        var (client, vault) = NewVault();
        cloud.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Throttle()) { Service = "keyvault", Account = vault, Count = 1 });
        var answer = await client.Get("keys");
        $"{answer.Problem} {answer.Header("Retry-After")}".ShouldBe("429 Throttled 1");
        (await client.Get("keys")).Expect(200);
    }

    private (VaultClient Client, string Vault) NewVault()
    {
        var vault = cloud.Name("vault");
        cloud.Admin.CreateVault(vault);
        return (new VaultClient(cloud, vault, cloud.TenantAdmin), vault);
    }
}
