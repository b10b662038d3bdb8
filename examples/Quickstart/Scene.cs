using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace Quickstart;

/// <summary>What the tenants' stories share: backups in the shared bucket, an EncryptedStore over them,
/// looks at what became of it.</summary>
internal sealed partial class Scene(
    Stage stage, Narrator narrator, (string Namespace, string Prefix) tenant, IShelf shelf)
{
    public const string KeyName = "acme-2026";
    private const string StoreName = "acme-backups";
    private const int Objects = 200;
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(100);

    private readonly string ns = tenant.Namespace;
    private readonly string prefix = tenant.Prefix;

    private string Neighbour => prefix.TrimEnd('/') + "2/";

    private ObjectKey StoreAddress => new(ns, StoreName);

    public async Task MakeSharedDataAsync()
    {
        await shelf.MakeSharedAsync();
        foreach (var place in (string[])[prefix, Neighbour])
        {
            await Task.WhenAll(Enumerable.Range(0, Objects)
                .Select(number => shelf.PutAsync($"{place}backup-{number:0000}.txt", $"backup {number} of {place}")));
        }

        narrator.Step(
            $"the platform's shared place {shelf.Shared} holds {Objects} backups under {prefix} and a neighbour's "
                + $"under {Neighbour}");
    }

    /// <summary>Once all is applied: the data moves, the tenant disables its key and enables it again, goes to another
    /// key, and the report is read.</summary>
    /// <param name="enable">What the tenant does to its key.</param>
    /// <param name="whose">Where the key is.</param>
    /// <param name="next">Makes the other key.</param>
    public async Task<int> LiveAsync(
        Action<bool> enable, string whose, Func<(TenantEncryptionKeySpec Spec, string Id)> next)
    {
        var store = await UntilOpenAsync();
        var bucket = store.Status!.Location!.Bucket;
        narrator.Step(
            $"moved: {store.Status.Migration?.Progress} objects stand in {bucket}, under {store.Status.ActiveKey}");
        await ShowDataAsync(bucket);

        enable(false);
        narrator.Step($"the tenant disables its key in its own {whose}");
        store = await UntilClosedAsync();
        narrator.Step($"closed: {store.Status!.ClosedReason}; {await OutsideAsync(bucket)}");

        enable(true);
        narrator.Step("the tenant enables the same key again");
        await UntilOpenAsync();
        narrator.Step($"open: the same key proved itself; {await OutsideAsync(bucket)}");
        await ChangeKeyAsync(next(), () => enable(false));
        return await ReportAsync();
    }

    public async Task ApplyAsync(TenantEncryptionKeySpec key, string name = KeyName)
    {
        await stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = name, Namespace = ns },
                Spec = key with { Revocation = key.Revocation with { ProbeInterval = "1s", MaxStaleness = "30s" } },
            },
            "quickstart", CancellationToken.None);
    }

    public async Task ApplyStoreAsync()
    {
        await stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = StoreName, Namespace = ns },
                Spec = shelf.Place(
                    new EncryptedStoreSpec
                    {
                        KeyRef = new ByokOperator.Api.KeyReference { Name = KeyName },
                        Migration = new MigrationPolicy { Parallelism = 2 },
                        Rotation = new StoreRotation { Overlap = "1s" }, // nobody holds the old binding here
                    }, prefix),
            },
            "quickstart", CancellationToken.None);
        narrator.Step($"applied: TenantEncryptionKey {KeyName} and EncryptedStore {StoreName} in namespace {ns}");
    }

    /// <summary>Waits until the key's Ready condition has this reason.</summary>
    public async Task UntilKeyAsync(string reason)
    {
        var key = await UntilKeyAsync($"it says {reason}", KeyName, seen =>
            Conditions.Find(seen.Status?.Conditions ?? [], "Ready")?.Reason == reason
                && seen.Status?.ObservedGeneration == seen.Metadata.Generation);
        var ready = Conditions.Find(key.Status!.Conditions, "Ready")!;
        narrator.Detail(
            $"key: Ready={ready.Status} {reason}{(ready.Message.Length > 0 ? $" ({ready.Message})" : "")}");
    }

    private async Task<TenantEncryptionKey> UntilKeyAsync(
        string what, string name, Func<TenantEncryptionKey, bool> holds)
    {
        var wait = new Wait(narrator, timeout);
        while (true)
        {
            await stage.ThrowIfDeadAsync();
            var key = await stage.Kube.Api<TenantEncryptionKey>()
                .GetAsync(new ObjectKey(ns, name), CancellationToken.None);
            if (holds(key))
            {
                return key;
            }

            if (wait.IsOver(key.Metadata))
            {
                throw new TimeoutException(
                    $"nothing changed for {timeout.TotalSeconds} s, in vain for the key, until {what}: "
                        + $"{JsonSerializer.Serialize(key, TenantEncryptionKey.Json)}");
            }

            await Task.Delay(look);
        }
    }

    public Task<EncryptedStore> UntilOpenAsync() =>
        UntilAsync("the store is open", item => IsReady(item) && item.Status?.Availability == "Open");

    public Task<EncryptedStore> UntilClosedAsync() =>
        UntilAsync("the store is closed", item => item.Status?.Availability == "Closed" && AllClosed(item));

    /// <summary>What a workload would find at this moment.</summary>
    public async Task<string> OutsideAsync(string bucket) =>
        $"the binding is {(await BindingStandsAsync() ? "there" : "gone")}, LIST answers "
            + $"{await shelf.ListAsync(bucket, prefix)}";

    private async Task<EncryptedStore> UntilAsync(string what, Func<EncryptedStore, bool> holds)
    {
        var wait = new Wait(narrator, timeout);
        var shown = "";
        while (true)
        {
            await stage.ThrowIfDeadAsync();
            var store = await stage.Kube.Api<EncryptedStore>().GetAsync(StoreAddress, CancellationToken.None);
            var ready = Conditions.Find(store.Status?.Conditions ?? [], "Ready");
            var saying = $"{ready?.Reason}{(ready?.Message.Length > 0 ? $" ({ready.Message})" : "")}";
            if (saying != shown && ready is not null)
            {
                narrator.Detail($"store: Ready={ready.Status} {saying}");
                shown = saying;
            }

            if (holds(store))
            {
                return store;
            }

            if (wait.IsOver(store.Metadata))
            {
                throw new TimeoutException(
                    $"nothing changed for {timeout.TotalSeconds} s, in vain until {what}: "
                        + $"{JsonSerializer.Serialize(store, EncryptedStore.Json)}");
            }

            await Task.Delay(look);
        }
    }

    public async Task ShowDataAsync(string bucket)
    {
        narrator.Detail(
            $"one of them is encrypted with {await shelf.EncryptionAsync(bucket, $"{prefix}backup-0000.txt")}");
        narrator.Detail(
            $"left under {shelf.Shared}/{prefix}: {await shelf.CountAsync(prefix)}; the neighbour still has "
                + $"{await shelf.CountAsync(Neighbour)}");
    }

    private async Task<bool> BindingStandsAsync() =>
        await stage.Kube.Api<PartialObject<ConfigMap>>()
            .TryGetAsync(new ObjectKey(ns, StoreNames.BindingOf(StoreName)), CancellationToken.None) is not null;

    public async Task<int> ReportAsync()
    {
        var request = TimeProvider.System.GetUtcNow().ToString("O");
        await stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            StoreAddress,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReportAt] = request } },
            },
            CancellationToken.None);
        var until = narrator.Elapsed + timeout;
        ConfigMap? map;
        do
        {
            await Task.Delay(look);
            map = await stage.Kube.Api<ConfigMap>()
                .TryGetAsync(new ObjectKey(ns, StoreNames.ReportOf(StoreName)), CancellationToken.None);
        }
        while (map?.Metadata.Annotations?.GetValueOrDefault(ReportMap.AnswersAnnotation) != request
            && narrator.Elapsed < until);

        var report =
            JsonNode.Parse(map?.Data?[ReportMap.Entry] ?? throw new TimeoutException("no report was written"))!;
        narrator.Step("the report:");
        report["evidence"] = $"{report["evidence"]!.AsArray().Count} calls with their request ids, left out here";
        Print(report);
        var deviations = report["deviations"]!.AsArray().Count;
        narrator.Step(deviations == 0 ? "no deviations" : $"{deviations} DEVIATIONS");
        return deviations == 0 ? 0 : 1;
    }

    private static void Print(JsonNode report)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            report.WriteTo(writer);
        }

        Console.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }

    private static bool IsReady(EncryptedStore store) =>
        Conditions.Find(store.Status?.Conditions ?? [], "Ready")?.Status == "True";

    private static bool AllClosed(EncryptedStore store) =>
        ((string[])["BindingRemoved", "TargetDenied", "CopyJobsGone", "WorkloadsSuspended", "GrantsRevoked"])
            .All(type => Conditions.Find(store.Status?.Conditions ?? [], type)?.Status == "True");
}
