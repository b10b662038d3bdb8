using System.Text.Json.Nodes;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using LocalCloud.Faults;
using Shouldly;

namespace CloudStories;

/// <summary>How a tenant leaves: what it applies, and what is to stand in the shared place then.</summary>
internal static class Leaving
{
    private const string Consent = "store/key";

    public static async Task<StoreLocation> JoinAsync(TenantLife tenant, string prefix = "acme/")
    {
        await tenant.Scene.PutSharedAsync("acme/a.txt", "one");
        await tenant.Scene.PutSharedAsync("acme/b.txt", "bee");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(prefix: prefix);
        return (await tenant.UntilReadyAsync()).Status!.Location!;
    }

    /// <summary>The return has begun, and its copies are held up behind the first one.</summary>
    public static async Task<Turnstile> LeaveHeldAfterOneAsync(TenantLife tenant)
    {
        var turnstile = new Turnstile();
        turnstile.Admit(1);
        tenant.Scene.HoldCopies(turnstile);
        await ConfirmAsync(tenant);
        await LeaveAsync(tenant);
        await Until.TrueAsync("one object was copied back",
            async () => (await tenant.Scene.ListSharedAsync("acme/")).Count == 1);
        return turnstile;
    }

    public static bool IsLeft(EncryptedStore store) =>
        TenantLife.Is(store, "Ready", "True") && store.Spec.KeyRef is null
            && Conditions.Find(store.Status!.Conditions, "SourceFound") is not null;

    public static Task<EncryptedStore> UntilLeftAsync(TenantLife tenant) =>
        tenant.UntilAsync(store => IsLeft(store) && store.Status!.ActiveKey is null);

    public static Task LeaveAsync(TenantLife tenant) =>
        PatchAsync(tenant, new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = null } });

    public static Task NameAsync(TenantLife tenant) =>
        PatchAsync(tenant,
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = "key" } } });

    public static Task ConfirmAsync(TenantLife tenant) => PatchAsync(
        tenant,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ConfirmReturn] = Consent } },
        });

    public static async Task PatchAsync(TenantLife tenant, JsonObject patch) =>
        await tenant.Stage.Kube.Api<EncryptedStore>()
            .PatchMergeAsync(new ObjectKey(tenant.Namespace, "store"), patch, CancellationToken.None);

    public static async Task ShouldHoldAsync(AzureScene scene, params (string Key, string Content)[] objects)
    {
        (await scene.ListSharedAsync("acme/")).ShouldBe(objects.Select(one => one.Key), ignoreOrder: true);
        foreach (var (key, content) in objects)
        {
            (await scene.ReadSharedAsync(key)).ShouldBe(content);
        }
    }
}
