using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A store that names another key than the one that its objects stand under.</summary>
public sealed class KeyChangeStories
{
    private const string Store = "store";

    [Fact]
    public async Task A_store_that_names_another_key_stays_open_under_its_own_and_only_that_one_closes_and_opens_it()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        var second = await SecondKeyAsync(tenant);
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await NameAsync(tenant, "second");

        var stalled = await tenant.UntilAsync(store => Tenant.Is(store, "Stalled", "True"));
        Tenant.ReasonOf(stalled).ShouldBe("KeyChangeNotSupported");
        (stalled.Status!.Availability, stalled.Status.PendingKey, stalled.Status.ActiveKey).ShouldBe(("Open", "second", tenant.KeyArn));
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");

        tenant.Cloud.SetKeyState(second, "Disabled");
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilAsync(store => store.Status?.Availability == "Open");
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");

        await NameAsync(tenant, "key");
        (await tenant.UntilReadyAsync()).Status!.PendingKey.ShouldBeNull();
    }

    private static async Task<string> SecondKeyAsync(Tenant tenant)
    {
        var second = tenant.Cloud.CreateKey(LocalCloudAccounts.Tenant, Quickstart.Stage.Region);
        tenant.Cloud.SetKeyPolicy(second, tenant.Stage.KeyPolicy(second, Tenant.Namespace));
        await tenant.ApplyKeyAsync("second", second);
        return second;
    }

    private static Task<EncryptedStore> NameAsync(Tenant tenant, string key) => tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
        new ObjectKey(Tenant.Namespace, Store), new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = key } } }, CancellationToken.None);
}
