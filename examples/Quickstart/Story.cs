using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Stores;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;

namespace Quickstart;

/// <summary>One tenant's story: its data moves under its own key, the key is disabled and comes back, the report is read.</summary>
internal sealed class Story(Stage stage, Narrator narrator, string ns)
{
    private const string SharedBucket = "platform-backups";
    private const string Prefix = "acme/";
    private const int Objects = 200;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(100);
    private static readonly ObjectKeyNames names = new("acme-2026", "acme-backups");

    private ObjectKey KeyAddress => new(ns, names.Key);

    private ObjectKey StoreAddress => new(ns, names.Store);

    public async Task<int> TellAsync()
    {
        var arn = await MakeTenantAsync();
        await MakeSharedDataAsync();
        await ApplyAsync(arn);
        var store = await UntilAsync("the store is ready", item => IsReady(item) && item.Status?.Availability == "Open");
        var bucket = store.Status!.Location!.Bucket;
        narrator.Step($"moved: {store.Status.Migration?.Progress} objects stand in {bucket}, under {store.Status.ActiveKey}");
        await ShowDataAsync(bucket);

        stage.Cloud.Admin.SetKeyState(arn, "Disabled");
        narrator.Step("the tenant disables its key in its own account");
        store = await UntilAsync("the store is closed", item => item.Status?.Availability == "Closed" && AllClosed(item));
        narrator.Step($"closed: {store.Status!.ClosedReason}; the binding is {(await BindingStandsAsync() ? "STILL THERE" : "gone")}, LIST answers {await ListAsync(bucket)}");

        stage.Cloud.Admin.SetKeyState(arn, "Enabled");
        narrator.Step("the tenant enables the same key again");
        await UntilAsync("the store is open", item => IsReady(item) && item.Status?.Availability == "Open");
        narrator.Step($"open: the same key proved itself; the binding is {(await BindingStandsAsync() ? "back" : "MISSING")}, LIST answers {await ListAsync(bucket)}");
        return await ReportAsync();
    }

    private async Task<string> MakeTenantAsync()
    {
        var arn = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        stage.Cloud.Admin.SetKeyPolicy(arn, stage.Aws.Policies.RequiredPolicy(new KeyRef(Stage.Region, arn)));
        narrator.Step($"a tenant's account has a KMS key, {arn}");
        narrator.Detail("its policy is the one that `byok-operator policy` prints: least privilege for the operator's role");
        await Task.CompletedTask;
        return arn;
    }

    private async Task MakeSharedDataAsync()
    {
        stage.Cloud.Admin.CreateBucket(SharedBucket, Stage.Region, LocalCloudAccounts.Platform);
        using var writer = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
        foreach (var prefix in (string[])[Prefix, "acme2/"])
        {
            await Task.WhenAll(Enumerable.Range(0, Objects).Select(number => writer.PutObjectAsync(new PutObjectRequest
            {
                BucketName = SharedBucket,
                Key = $"{prefix}backup-{number:0000}.txt",
                ContentBody = $"backup {number} of {prefix}",
            })));
        }

        narrator.Step($"the platform's shared bucket {SharedBucket} holds {Objects} backups under {Prefix} and a neighbour's under acme2/");
    }

    private async Task ApplyAsync(string arn)
    {
        await stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = names.Key, Namespace = ns },
                Spec = new TenantEncryptionKeySpec
                {
                    Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = "30s" },
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn }] },
                },
            },
            "quickstart", CancellationToken.None);
        await stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = names.Store, Namespace = ns },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = names.Key },
                    Aws = new AwsStore { Region = Stage.Region },
                    Shared = new SharedLocation { Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = Prefix } },
                    Migration = new MigrationPolicy { Parallelism = 2 },
                },
            },
            "quickstart", CancellationToken.None);
        narrator.Step($"applied: TenantEncryptionKey {names.Key} and EncryptedStore {names.Store} in namespace {ns}");
    }

    private async Task<EncryptedStore> UntilAsync(string what, Func<EncryptedStore, bool> holds)
    {
        var until = narrator.Elapsed + patience;
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

            if (narrator.Elapsed > until)
            {
                throw new TimeoutException($"waited {patience.TotalSeconds} s in vain until {what}: {JsonSerializer.Serialize(store, EncryptedStore.Json)}");
            }

            await Task.Delay(look);
        }
    }

    private async Task ShowDataAsync(string bucket)
    {
        using var reader = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
        using var one = await reader.GetObjectAsync(bucket, $"{Prefix}backup-0000.txt");
        narrator.Detail($"one of them is encrypted with {one.ServerSideEncryptionMethod} under {one.ServerSideEncryptionKeyManagementServiceKeyId}");
        var left = await reader.ListObjectsV2Async(new ListObjectsV2Request { BucketName = SharedBucket, Prefix = Prefix });
        var neighbour = await reader.ListObjectsV2Async(new ListObjectsV2Request { BucketName = SharedBucket, Prefix = "acme2/" });
        narrator.Detail($"left under {SharedBucket}/{Prefix}: {left.KeyCount}; the neighbour still has {neighbour.KeyCount}");
    }

    private async Task<string> ListAsync(string bucket)
    {
        using var reader = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
        try
        {
            return $"200 ({(await reader.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = Prefix })).KeyCount} keys)";
        }
        catch (AmazonS3Exception refused)
        {
            return $"{(int)refused.StatusCode} {refused.ErrorCode}";
        }
    }

    private async Task<bool> BindingStandsAsync() =>
        await stage.Kube.Api<PartialObject<Secret>>().TryGetAsync(new ObjectKey(ns, StoreNames.BindingOf(names.Store)), CancellationToken.None) is not null;

    private async Task<int> ReportAsync()
    {
        var request = TimeProvider.System.GetUtcNow().ToString("O");
        await stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            StoreAddress,
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReportAt] = request } } },
            CancellationToken.None);
        var until = narrator.Elapsed + patience;
        ConfigMap? map;
        do
        {
            await Task.Delay(look);
            map = await stage.Kube.Api<ConfigMap>().TryGetAsync(new ObjectKey(ns, StoreNames.ReportOf(names.Store)), CancellationToken.None);
        }
        while (map?.Metadata.Annotations?.GetValueOrDefault(ReportMap.AnswersAnnotation) != request && narrator.Elapsed < until);

        var report = JsonNode.Parse(map?.Data?[ReportMap.Entry] ?? throw new TimeoutException("no report was written"))!;
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

    private static bool IsReady(EncryptedStore store) => Conditions.Find(store.Status?.Conditions ?? [], "Ready")?.Status == "True";

    private static bool AllClosed(EncryptedStore store) =>
        ((string[])["BindingRemoved", "TargetDenied", "CopyJobsGone", "WorkloadsSuspended", "GrantsRevoked"])
            .All(type => Conditions.Find(store.Status?.Conditions ?? [], type)?.Status == "True");

    private sealed record ObjectKeyNames(string Key, string Store);
}
