using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Cloud.Keys;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>Many tenants with a key and a store each, on embedded servers,
/// and the operator as a process beside them.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const string Shared = "platform-backups";
    private const int SideBySide = 16;
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Stage stage;
    private readonly string kubeconfig = Path.GetTempFileName();
    private readonly ConcurrentDictionary<int, string> keys = new();
    private readonly IAmazonS3 workload;
    private ChildProcess? process;

    private Crowd(Stage stage)
    {
        this.stage = stage;
        workload = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
    }

    public LocalCloudAdmin Cloud => stage.Cloud.Admin;

    /// <param name="tenants">Each with a key.</param>
    /// <param name="stores">The first so many have a store.</param>
    /// <param name="moving">The first so many of these have something to move,
    /// and a node that never runs their copy pods: their Jobs stand.</param>
    /// <param name="probeInterval">Of every key.</param>
    public static async Task<Crowd> GatherAsync(int tenants, int stores, int moving, TimeSpan probeInterval)
    {
        var crowd = new Crowd(await Stage.SetAsync(null, NullLoggerFactory.Instance));
        crowd.Cloud.CreateBucket(Shared, Stage.Region, LocalCloudAccounts.Platform);
        await Parallel.ForAsync(0, tenants, new ParallelOptions { MaxDegreeOfParallelism = SideBySide },
            async (tenant, cancellation) =>
            {
                await crowd.BringKeyAsync(tenant, probeInterval, cancellation);
                if (tenant < stores)
                {
                    await crowd.MoveInAsync(tenant, tenant < moving, cancellation);
                }
            });
        await File.WriteAllTextAsync(crowd.kubeconfig,
            crowd.stage.Server!.KubeconfigFor(Quickstart.Stage.OperatorAccount));
        crowd.Start();
        await Until.HoldsAsync("every store is open or moving",
            async () => await crowd.UnsettledAsync(tenants, stores, moving));
        return crowd;
    }

    /// <summary>Kills the operator and starts another; until it has asked every key once,
    /// all of them as fast as it can.</summary>
    public async Task ReplaceOperatorAsync()
    {
        await process!.DisposeAsync();
        Cloud.ResetCalls();
        Start();
        await Until.TrueAsync("every key is asked again",
            () => Task.FromResult(Cloud.Count("kms", "GenerateDataKeyWithoutPlaintext") >= keys.Count));
    }

    public string KeyOf(int tenant) => keys[tenant];

    /// <summary>Processor time of the operator so far.</summary>
    public TimeSpan Cpu() => Process.GetProcessById(process!.Id).TotalProcessorTime;

    /// <summary>Disables the tenant's key: how long until the operator knew it, and until LIST was refused, the binding
    /// was gone and no Job stood, all of them.</summary>
    public async Task<(TimeSpan Known, TimeSpan Closed)> RevokeAsync(int tenant)
    {
        var began = TimeProvider.System.GetUtcNow();
        var from = Stopwatch.GetTimestamp();
        Cloud.SetKeyState(KeyOf(tenant), "Disabled");
        while (await IsListedAsync(tenant) || await IsBoundAsync(tenant) || await HasJobsAsync(tenant))
        {
            await Task.Delay(betweenLooks);
            ThrowIfDead();
            if (Stopwatch.GetElapsedTime(from) > LastResort.Timeout)
            {
                throw new TimeoutException(
                    $"tenant {tenant}: listed {await IsListedAsync(tenant)}, bound {await IsBoundAsync(tenant)}, jobs "
                        + $"{await HasJobsAsync(tenant)}");
            }
        }

        var took = Stopwatch.GetElapsedTime(from);
        DateTimeOffset? since = null;
        await Until.TrueAsync("the clock stands in status", async () =>
            (since = (await stage.Kube.Api<TenantEncryptionKey>()
                .GetAsync(new ObjectKey(SpaceOf(tenant), "key"),
                    CancellationToken.None)).Status?.RevokedSince) is not null);
        return (since!.Value - began, took);
    }

    public Task UntilAsync(int tenant, string what, Func<EncryptedStore, bool> holds) =>
        Until.HoldsAsync($"tenant {tenant} {what}", async () =>
        {
            ThrowIfDead();
            var seen = await stage.Kube.Api<EncryptedStore>().GetAsync(StoreOf(tenant), CancellationToken.None);
            return holds(seen) ? null : $"{Tenant.ReasonOf(seen)}, {seen.Status?.Availability}";
        });

    public async Task<bool> IsListedAsync(int tenant)
    {
        try
        {
            await workload.ListObjectsV2Async(new ListObjectsV2Request { BucketName = BucketOf(tenant) });
            return true;
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return false;
        }
    }

    public async Task<bool> IsBoundAsync(int tenant) => await stage.Kube.Api<PartialObject<ConfigMap>>()
        .TryGetAsync(new ObjectKey(SpaceOf(tenant), StoreNames.BindingOf("store")), CancellationToken.None) is not null;

    public async Task<bool> HasJobsAsync(int tenant)
    {
        var store = await stage.Kube.Api<PartialObject<EncryptedStore>>()
            .GetAsync(StoreOf(tenant), CancellationToken.None);
        var page = await stage.Kube.Api<Job>().ListPageAsync(
            new Selection(Stage.SystemNamespace, $"{Labels.StoreUid}={store.Metadata.Uid}"), null,
            CancellationToken.None);
        return page.Items.Count > 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
        }

        workload.Dispose();
        await stage.DisposeAsync();
        File.Delete(kubeconfig);
    }

    private void Start() => process = StageOperator.Start(stage, kubeconfig);

    private async Task BringKeyAsync(int tenant, TimeSpan probeInterval, CancellationToken cancellation)
    {
        await stage.GiveAsync(SpaceOf(tenant));
        var arn = keys[tenant] = Cloud.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        Cloud.SetKeyPolicy(arn, stage.KeyPolicy(arn, SpaceOf(tenant)));
        await stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = SpaceOf(tenant) },
                Spec = new TenantEncryptionKeySpec
                {
                    Revocation =
                        new KeyRevocation { ProbeInterval = $"{probeInterval.TotalSeconds}s", MaxStaleness = "1h" },
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn }] },
                },
            },
            "test", cancellation);
    }

    private async Task MoveInAsync(int tenant, bool moves, CancellationToken cancellation)
    {
        if (moves)
        {
            await workload.PutObjectAsync(
                new PutObjectRequest { BucketName = Shared, Key = $"{SpaceOf(tenant)}/backup", ContentBody = "data" },
                cancellation);
        }

        await stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "store", Namespace = SpaceOf(tenant) },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Aws = new AwsStore { Region = Stage.Region, BucketName = BucketOf(tenant) },
                    Shared = moves
                        ? new SharedLocation
                        {
                            Aws = new AwsSharedLocation { Bucket = Shared, Prefix = $"{SpaceOf(tenant)}/" },
                        } : null,
                },
            },
            "test", cancellation);
    }

    private async Task<string?> UnsettledAsync(int tenants, int stores, int moving)
    {
        ThrowIfDead();
        var usable = 0;
        await foreach (var page in stage.Kube.Api<TenantEncryptionKey>()
            .ListAsync(Selection.Everything, CancellationToken.None))
        {
            usable += page.Items.Count(key =>
                key.Status?.Verdict == "Usable" && Conditions.Find(key.Status.Conditions, "Ready")?.Status == "True");
        }

        var open = 0;
        var copying = 0;
        await foreach (var page in stage.Kube.Api<EncryptedStore>()
            .ListAsync(Selection.Everything, CancellationToken.None))
        {
            open += page.Items.Count(store =>
                Tenant.Is(store, "Ready", "True") && store.Status?.Availability == "Open");
            copying += page.Items.Count(store => Tenant.ReasonOf(store) == "CopyRunning");
        }

        return usable == tenants && open + copying == stores && copying == moving ? null
            : $"{usable} usable, {open} open, {copying} moving";
    }

    private void ThrowIfDead()
    {
        if (process!.HasExited)
        {
            throw new TimeoutException($"the operator has ended:\n{process.Log}");
        }
    }

    private static string SpaceOf(int tenant) => $"tenant-{tenant.ToString("0000", CultureInfo.InvariantCulture)}";

    private static string BucketOf(int tenant) => $"store-of-{SpaceOf(tenant)}";

    private static ObjectKey StoreOf(int tenant) => new(SpaceOf(tenant), "store");
}
