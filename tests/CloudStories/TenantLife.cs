using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Stories;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;

namespace CloudStories;

/// <summary>A tenant with the whole operator running, on whichever cloud: what is applied,
/// and what becomes of it.</summary>
internal sealed class TenantLife : IAsyncDisposable
{
    /// <summary>Its namespace, and its Tenant.</summary>
    public const string Acme = "tenant-acme";

    public const string Prefix = "acme/";

    private readonly Stage stage;
    private readonly string space;

    public TenantLife(Stage stage, ICloudScene scene, string space) =>
        (this.stage, Scene, this.space) = (stage, scene, space);

    public ICloudScene Scene { get; }

    public Stage Stage => stage;

    public string Namespace => space;

    public static async Task<TenantLife> BeginAsync(ICloudScene scene)
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        await WrappingKeyOnHand.PutAsync(stage);
        await stage.GiveAsync(Acme);
        scene.Set(stage);
        scene.Grant(may: true);
        stage.StartOperator(NullLoggerFactory.Instance);
        return new TenantLife(stage, scene, Acme);
    }

    /// <param name="change">Of what every story has: asked every second, a minute of timeout.</param>
    /// <param name="isElsewhere">A key of the other cloud.</param>
    public Task ApplyKeyAsync(
        Func<TenantEncryptionKeySpec, TenantEncryptionKeySpec>? change = null, bool isElsewhere = false)
    {
        var spec = new TenantEncryptionKeySpec
        {
            Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = "60s" },
        };
        spec = isElsewhere ? Scene.NameElsewhere(spec) : Scene.Name(spec);
        return stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = space },
                Spec = change?.Invoke(spec) ?? spec,
            }, "test", CancellationToken.None);
    }

    /// <param name="change">Of what every story has.</param>
    public Task ApplyStoreAsync(
        string? own = null, string? prefix = Prefix, string deletion = DeletionPolicies.Retain,
        string fenceTimeout = "1h", Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null) =>
        stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "store", Namespace = space },
                Spec = Scene.Place(
                    Changed(change, new EncryptedStoreSpec
                    {
                        KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                        Migration = new MigrationPolicy { Parallelism = 2, FenceTimeout = fenceTimeout },
                        DeletionPolicy = deletion,
                    }),
                    own,
                    prefix),
            },
            "test", CancellationToken.None);

    private static EncryptedStoreSpec Changed(
        Func<EncryptedStoreSpec, EncryptedStoreSpec>? change, EncryptedStoreSpec spec) => change?.Invoke(spec) ?? spec;

    /// <summary>Key and store applied, and the store serving: what most stories begin with.</summary>
    public async Task<StoreLocation> SettleAsync(string deletion = DeletionPolicies.Retain)
    {
        await Scene.PutSharedAsync("acme/a.txt", "one");
        await ApplyKeyAsync();
        await ApplyStoreAsync(deletion: deletion);
        return (await UntilReadyAsync()).Status!.Location!;
    }

    public async Task<EncryptedStore> UntilAsync(Func<EncryptedStore, bool> holds)
    {
        EncryptedStore? store = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await stage.ThrowIfDeadAsync();
            store = await stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(space, "store"), CancellationToken.None);
            if (store?.Status is { } status && holds(store))
            {
                ConditionsContract.Check(status.Conditions, status.ObservedGeneration ?? 0).ShouldBeEmpty();
                return store;
            }
        }

        throw new TimeoutException(
            $"in vain: {(store is null ? "no store" : JsonSerializer.Serialize(store, EncryptedStore.Json))}; key: "
                + $"{JsonSerializer.Serialize((await KeyAsync())!, TenantEncryptionKey.Json)}");
    }

    public Task<EncryptedStore> UntilReadyAsync() =>
        UntilAsync(store => Is(store, "Ready", "True") && store.Status?.Availability == StoreVerdict.Open);

    public Task<EncryptedStore> UntilClosedAsync() =>
        UntilAsync(store => store.Status?.Availability == StoreVerdict.Closed
            && Is(store, "BindingRemoved", "True") && Is(store, "TargetDenied", "True")
            && Is(store, "CopyJobsGone", "True"));

    public async Task<TenantEncryptionKey?> KeyAsync() =>
        await stage.Kube.Api<TenantEncryptionKey>().TryGetAsync(new ObjectKey(space, "key"), CancellationToken.None);

    public async Task<ConfigMap?> BindingAsync() =>
        await stage.Kube.Api<ConfigMap>()
            .TryGetAsync(new ObjectKey(space, StoreNames.BindingOf("store")), CancellationToken.None);

    public async Task<JsonObject> ReportAsync()
    {
        var map = await stage.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(space, StoreNames.ReportOf("store")), CancellationToken.None);
        return JsonNode.Parse(map.Data!.Values.First())!.AsObject();
    }

    public Task DeleteAsync<T>(string name)
        where T : class, IResource<T> =>
            stage.Kube.Api<T>().DeleteAsync(new ObjectKey(space, name), null, CancellationToken.None);

    public Task ConfirmDeletionAsync() => AnnotateAsync(Labels.ConfirmDelete, "store");

    public async Task UntilGoneAsync()
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            if (await stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(space, "store"), CancellationToken.None) is null)
            {
                return;
            }
        }

        throw new TimeoutException("the store is still there");
    }

    public async Task UntilKeyAsync(Func<TenantEncryptionKey, bool> holds)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            if (await KeyAsync() is { Status: not null } key && holds(key))
            {
                return;
            }
        }

        throw new TimeoutException(
            $"in vain: {JsonSerializer.Serialize((await KeyAsync())!, TenantEncryptionKey.Json)}");
    }

    /// <summary>Has the store looked at now.</summary>
    public Task LookAsync() => AnnotateAsync(Labels.ReconcileAt, Guid.NewGuid().ToString());

    public static bool Is(EncryptedStore store, string type, string status) =>
        Conditions.Find(store.Status?.Conditions ?? [], type)?.Status == status;

    public static bool SaysOf(EncryptedStore store, string type, string reason) =>
        Conditions.Find(store.Status?.Conditions ?? [], type)?.Reason == reason;

    public static string? ReasonOf(EncryptedStore store) =>
        Conditions.Find(store.Status?.Conditions ?? [], "Ready")?.Reason;

    private async Task AnnotateAsync(string name, string value) =>
        await stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(space, "store"),
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } },
            CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Scene.DisposeAsync();
        await stage.DisposeAsync();
    }
}
