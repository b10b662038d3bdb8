using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Records;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;
using Shouldly;

namespace CloudStories;

/// <summary>A tenant's cluster that is lost, and another one that what was backed up is applied to: everything in it
/// has another UID. The clouds are the same.</summary>
internal sealed class LostCluster(TenantLife life)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private Stage Stage => life.Stage;

    private string Space => life.Namespace;

    public Task ApplyKeyAsync(string name, Func<TenantEncryptionKeySpec, TenantEncryptionKeySpec>? change = null)
    {
        var spec = life.Scene.Name(
            new TenantEncryptionKeySpec
            {
                Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = "60s" },
            });
        return Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Space },
                Spec = change?.Invoke(spec) ?? spec,
            }, "test", None);
    }

    public Task SayAsync(string key, string state) =>
        ApplyKeyAsync(key,
            spec =>
                spec with
                {
                    State = state,
                    Revocation = spec.Revocation with { Confirm = state == KeyStates.Revoked ? "revoke" : "" },
                });

    public Task ApplyStoreAsync(string name, string key, string? own = null) =>
        Stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Space },
                Spec = life.Scene.Place(
                    new EncryptedStoreSpec
                    {
                        KeyRef = new ByokOperator.Api.KeyReference { Name = key },
                        Migration = new MigrationPolicy { Parallelism = 1 },
                    }, own, $"acme/{name}/"),
            },
            "test", None);

    /// <summary>One with an object in it, that serves.</summary>
    public async Task<EncryptedStore> SettleAsync(string name, string key, string? own = null)
    {
        await life.Scene.PutSharedAsync($"acme/{name}/a.txt", name);
        await ApplyStoreAsync(name, key, own);
        return await UntilReadyAsync(name);
    }

    public async Task<EncryptedStore> UntilAsync(string name, Func<EncryptedStore, bool> holds)
    {
        EncryptedStore? store = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await Stage.ThrowIfDeadAsync();
            store = await Stage.Kube.Api<EncryptedStore>().TryGetAsync(new ObjectKey(Space, name), None);
            if (store?.Status is { } status && holds(store))
            {
                ConditionsContract.Check(status.Conditions, status.ObservedGeneration ?? 0).ShouldBeEmpty();
                return store;
            }
        }

        throw new TimeoutException(
            $"in vain: {(store is null ? "no store" : JsonSerializer.Serialize(store, EncryptedStore.Json))}; "
                + $"{await KeysAsync()}");
    }

    public Task<EncryptedStore> UntilReadyAsync(string name) =>
        UntilAsync(name, store => TenantLife.Is(store, "Ready", "True") && store.Status?.Availability == "Open");

    /// <summary>Stalled with this reason.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> UntilStalledAsync(string name, string reason) =>
        Conditions.Find(
            (await UntilAsync(name, store => TenantLife.SaysOf(store, "Stalled", reason))).Status!.Conditions,
            "Stalled")!.Message!;

    /// <summary>The operator ends, and with it all that was in the cluster; the backup is applied to the next one,
    /// where nothing runs yet.</summary>
    /// <param name="withRecords">The operator's records were in the backup.</param>
    /// <param name="withRecordsKey">So was the Secret that they are signed with.</param>
    public async Task LoseAsync(bool withRecords, bool withRecordsKey)
    {
        await Stage.StopOperatorAsync();
        var (keys, stores) = (await TakeAsync<TenantEncryptionKey>(Space), await TakeAsync<EncryptedStore>(Space));
        await TakeAsync<Job>(Stage.SystemNamespace);
        await TakeAsync<Lease>(Stage.SystemNamespace);
        var children = await TakeAsync<ConfigMap>(Space);
        var records = await TakeAsync<ConfigMap>(Stage.SystemNamespace, RecordCodec.Label);
        var secret = await Stage.Kube.Api<Secret>()
            .GetAsync(new ObjectKey(Stage.SystemNamespace, RecordMacKey.SecretName), None);
        await Stage.Kube.Api<Secret>().DeleteAsync(secret.Metadata.Key, null, None);

        foreach (var key in keys)
        {
            await Stage.Kube.Api<TenantEncryptionKey>()
                .ApplyAsync(new TenantEncryptionKey { Metadata = Bare(key.Metadata), Spec = key.Spec }, "restore",
                    None);
        }

        foreach (var store in stores)
        {
            await Stage.Kube.Api<EncryptedStore>()
                .ApplyAsync(new EncryptedStore { Metadata = Bare(store.Metadata), Spec = store.Spec }, "restore", None);
        }

        foreach (var map in children.Concat(withRecords ? records : []))
        {
            await Stage.Kube.Api<ConfigMap>()
                .CreateAsync(new ConfigMap { Metadata = Bare(map.Metadata), Data = map.Data }, None, "restore");
        }

        if (withRecordsKey)
        {
            await Stage.Kube.Api<Secret>()
                .CreateAsync(new Secret { Metadata = Bare(secret.Metadata), Data = secret.Data }, None, "restore");
        }

        Stage.Cloud.Admin.ResetCalls();
    }

    /// <summary>The platform writes these entries.</summary>
    public Task ConsentAsync(params (string Store, string Uid)[] entries) =>
        ConsentAsync(
            [.. entries.Select(entry =>
                new TenantSpecAdopt { Namespace = Space, Store = entry.Store, Uid = entry.Uid })]);

    public Task ConsentAsync(IReadOnlyList<TenantSpecAdopt> entries) =>
        Stage.GiveAsync(Space, Stage.Anything(Space) with { Adopt = entries });

    public async Task<TenantEncryptionKey> UntilKeyAsync(string name, Func<TenantEncryptionKey, bool> holds)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await Stage.ThrowIfDeadAsync();
            if (await Stage.Kube.Api<TenantEncryptionKey>()
                .TryGetAsync(new ObjectKey(Space, name), None) is { Status: not null } key && holds(key))
            {
                return key;
            }
        }

        throw new TimeoutException($"in vain: {await KeysAsync()}");
    }

    /// <summary>Places and keys that somebody began to make since the cluster was lost.</summary>
    public IReadOnlyList<string> Made() =>
        [.. Stage.Cloud.Admin.Calls()
            .Where(call => call.Operation is "CreateBucket" or "PutStorageAccount" or "CreateKey" or "ImportKey")
            .Select(call => $"{call.Operation} {call.Bucket}{call.Account}")];

    /// <summary>Uids of the stores that records speak of.</summary>
    public Task<IReadOnlyList<string>> RecordedAsync() => RecordedAsync<StoreRecord>();

    public async Task<IReadOnlyList<string>> RecordedAsync<T>()
        where T : class, IRecord<T> =>
        [.. (await Stage.Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(Stage.SystemNamespace, $"{RecordCodec.Label}={T.Kind}"), null, None)).Items
            .Select(map => RecordCodec.OwnerIn<T>(map.Metadata.Name)!.Uid)];

    public Task<IReadOnlyList<ConfigMap>> ForgetRecordsAsync() =>
        TakeAsync<ConfigMap>(Stage.SystemNamespace, RecordCodec.Label);

    private static ObjectMeta Bare(ObjectMeta metadata) =>
        new()
        {
            Name = metadata.Name,
            Namespace = metadata.Namespace,
            Labels = metadata.Labels,
            Annotations = metadata.Annotations,
        };

    /// <summary>All of them are gone afterwards, whatever held them.</summary>
    private async Task<IReadOnlyList<T>> TakeAsync<T>(string ns, string? labels = null)
        where T : class, IResource<T>
    {
        var api = Stage.Kube.Api<T>();
        List<T> taken = [];
        await foreach (var page in api.ListAsync(new Selection(ns, labels), None))
        {
            taken.AddRange(page.Items);
        }

        foreach (var item in taken)
        {
            await api.PatchMergeAsync(item.Metadata.Key,
                new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, None);
            await api.DeleteAsync(item.Metadata.Key, null, None);
        }

        return taken;
    }

    private async Task<string> KeysAsync() =>
        string.Join("; ",
            (await Stage.Kube.Api<TenantEncryptionKey>().ListPageAsync(new Selection(Space), null, None)).Items
                .Select(key =>
                    $"{key.Metadata.Name}: {key.Status?.Verdict} "
                        + $"{string.Join(", ", (key.Status?.Conditions ?? []).Take(2).Select(one => $"{one.Type}={one.Status}/{one.Reason} {one.Message}"))}"));
}
