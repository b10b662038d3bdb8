using System.Text.Json.Nodes;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>A store on Azure that goes to a key in another vault: the account's root key is wrapped anew,
/// and nothing is copied.</summary>
public sealed class VaultKeyChangeStories
{
    [Fact(Timeout = LastResort.Story)]
    public async Task The_account_goes_to_another_vault_s_key_and_the_old_one_is_free_afterwards()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.PutSharedAsync("acme/a.txt", "one");
        var store = await tenant.SettleAsync();
        var kube = tenant.Stage.Kube;
        var spec = (await tenant.KeyAsync())!.Spec;
        await kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "second", Namespace = tenant.Namespace },
                Spec = scene.NameSecond(spec),
            }, "test", CancellationToken.None);

        await kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(tenant.Namespace, "store"),
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = "second" } } },
            CancellationToken.None);
        var changed = await tenant.UntilAsync(now =>
            TenantLife.Is(now, "Ready", "True") && now.Status is { PendingKey: null, PinnedKeys: null }
                && now.Status.ActiveKey == scene.SecondKeyId);

        changed.Status!.Availability.ShouldBe("Open");
        (await scene.KeyOfAsync(store)).ShouldNotBeNull().ShouldStartWith(scene.SecondKeyId);
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        (await tenant.BindingAsync())!.Data!["key"].ShouldBe(scene.SecondKeyId);

        scene.SwitchKey(on: false);
        await tenant.DeleteAsync<TenantEncryptionKey>("key");
        while (await tenant.KeyAsync() is not null)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one", "the old key is nobody's any more");
        (await tenant.UntilReadyAsync()).Status!.ClosedReason.ShouldBeNull();
        scene.SwitchSecondKey(on: false);
        await tenant.UntilClosedAsync();
        scene.SwitchSecondKey(on: true);
        await tenant.UntilReadyAsync();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
    }
}
