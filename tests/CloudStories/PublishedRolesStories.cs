using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Stores;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>Whole lives of stores and keys on Azure with exactly the roles of examples/azure: none that is needed is
/// missing, and none is without a use.</summary>
public sealed class PublishedRolesStories
{
    /// <summary>Every role but those for what a platform need not have.</summary>
    private static readonly string[] Always = ["stores", "shared", "identity", "subscription"];

    /// <summary>Not those on the shared account: here it stands in the stores' own group,
    /// whose roles hold for it too.</summary>
    public static TheoryData<string, string> Each =>
        new(Roles(when: null).Where(one => one.On != "shared").Select(one => (one.Role, one.On)));

    [Fact(Timeout = LastResort.Story)]
    public async Task A_store_lives_under_the_published_roles()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        scene.GiveOperatorOnly(Roles(when: null));
        await scene.PutSharedAsync("acme/ünï.txt", "two");
        var store = await tenant.SettleAsync(DeletionPolicies.Delete);
        (await scene.ListAsync(store, "acme/")).ShouldBe(["acme/a.txt", "acme/ünï.txt"]);
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();

        scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        (await scene.IsShutAsync(store)).ShouldBeTrue();
        scene.SwitchKey(on: true);
        await tenant.UntilReadyAsync();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");

        await tenant.ConfirmDeletionAsync();
        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilGoneAsync();
        scene.Stands(store).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_was_handed_over_lives_under_them_too()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        using var key = new HandedOver();
        var place = scene.MakePlatformVault();
        scene.TakeOfficerAway();
        scene.GiveOperatorOnly([.. Roles(when: null), .. Roles("imports")]);
        await key.UploadAsync(tenant.Stage, tenant.Namespace);
        await tenant.ApplyKeyAsync(spec =>
            spec with { AzureKeyVault = null, Imported = new ImportedSource { Azure = place } });
        await tenant.ApplyStoreAsync(prefix: null);
        await tenant.UntilReadyAsync();

        await tenant.ApplyKeyAsync(spec => spec with
        {
            AzureKeyVault = null, Imported = new ImportedSource { Azure = place }, State = KeyStates.Revoked,
            Revocation = spec.Revocation with { Confirm = "revoke" },
        });
        await tenant.UntilClosedAsync();
        scene.SwitchesOfImported.ShouldBe([false]);
    }

    [Theory(Timeout = LastResort.Story)]
    [MemberData(nameof(Each))]
    public async Task Without_any_one_of_them_something_is_refused(string role, string on)
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        scene.GiveOperatorOnly(Roles(when: null).Where(one => one != (role, on)));
        await scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();

        var held = await tenant.UntilAsync(store =>
            !TenantLife.Is(store, "Ready", "True") && store.Status!.Conditions.Any(one =>
                one.Reason is "AccessDenied" or "OwnCredentials"
                    || one.Message.Contains("Authorization", StringComparison.Ordinal)));
        held.Status!.Availability.ShouldNotBe(StoreVerdict.Open);
    }

    [Fact]
    public void Every_role_says_what_it_is_on()
    {
        Roles(when: null).Select(one => one.On).Distinct().Order().ShouldBe(Always.Order());
        Read().Where(one => ((string?)one!["for"])?.Length is null or 0).ShouldBeEmpty();
    }

    private static IEnumerable<(string Role, string On)> Roles(string? when) =>
        Read().Where(one => (string?)one!["when"] == when).Select(one => ((string)one!["role"]!, (string)one["on"]!));

    private static JsonArray Read() =>
        JsonNode.Parse(File.ReadAllText(Repository.PathTo("examples", "azure", "roles.json")))!.AsArray();
}
