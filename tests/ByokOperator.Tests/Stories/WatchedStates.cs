using System.Security.Cryptography;
using Amazon.S3;
using ByokOperator.Api;
using LocalCloud.Admin;
using LocalCloud.Faults;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>Each state that the chart has an alert for, brought about through the world: by what the cloud, the API
/// server, a tenant or the platform does. All can stand side by side.</summary>
internal sealed partial class WatchedStates(WatchedWorld world)
{
    private LocalCloudAdmin Cloud => world.Stage.Cloud.Admin;

    private FakeApiServer.Faults Api => world.Stage.Server!.Faults;

    /// <summary>Made ready and well, one tenant each.</summary>
    public async Task<IReadOnlyList<WatchedState>> PrepareAsync() => await Task.WhenAll(
        HeldUpAsync(), UnprovedAsync(), UnseenAsync(), LooksAsync(), StuckAsync(), MoveAsync(), KeyChangeAsync(),
        OverdueAsync(), DeviatingAsync(), ExpiringAsync(), ThrottledAsync(), UnreadableAsync(), FailingAsync(),
        UnwatchedAsync(), UnheardAsync(), WrappingAsync(), ImportAsync());

    private async Task<WatchedState> HeldUpAsync()
    {
        var tenant = await ServingAsync("heldup");
        var store = await tenant.StoreAsync();
        var bucket = store.Status!.Location!.Bucket;
        return new("the tenant's key is disabled, and the bucket's owner tag is somebody else's",
            ["ByokClosingHeldUp{reason=\"TargetNotOurs\"}", "ByokClosingSlow"],
            async () =>
            {
                await tenant.OwnAsync(bucket, "somebody-else");
                Cloud.SetKeyState(tenant.KeyArn, "Disabled");
            },
            async () =>
            {
                await tenant.OwnAsync(bucket, store.Metadata.Uid!);
                await tenant.UntilClosedAsync();
                Cloud.SetKeyState(tenant.KeyArn, "Enabled");
            });
    }

    private async Task<WatchedState> UnprovedAsync()
    {
        var tenant = await world.EnrolAsync("unproved");
        await tenant.ApplyKeyAsync(every: "1s", maxStaleness: "30s");
        await tenant.UntilUsableAsync();
        return Faulty("KMS resets each connection that is about the tenant's key",
            ["ByokKeyUnproved"],
            new FaultRule(new FaultEffect.Drop()) { Service = "kms", KeyPrefix = tenant.KeyArn });
    }

    private async Task<WatchedState> UnseenAsync()
    {
        var tenant = await ServingAsync("unseen");
        return Faulty("S3 answers 503 to whatever is asked of the store's bucket",
            ["ByokStoreUnseen"],
            new FaultRule(new FaultEffect.Fail(503))
            {
                Service = "s3",
                Bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket,
            });
    }

    private async Task<WatchedState> StuckAsync()
    {
        const string Bucket = "byok-watched-stuck";
        var tenant = await world.EnrolAsync("stuck");
        await tenant.ApplyKeyAsync();
        await tenant.UntilUsableAsync();
        var turnstile = new Turnstile();
        return new("S3 takes the connection that makes a new store's bucket, and says nothing",
            ["ByokReconcileStuck{controller=\"stores\"}"],
            async () =>
            {
                Cloud.AddFault(new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Bucket = Bucket });
                await tenant.ApplyStoreAsync(spec => spec with
                {
                    Aws = new AwsStore { Region = Stage.Region, BucketName = Bucket },
                });
            },
            async () =>
            {
                turnstile.Open();
                await tenant.UntilReadyAsync();
            });
    }

    private async Task<WatchedState> MoveAsync()
    {
        var tenant = await world.EnrolAsync("move");
        await tenant.ApplyKeyAsync();
        await tenant.UntilUsableAsync();
        return new("an object of the shared place is in an archive", ["ByokMoveStalled"],
            async () =>
            {
                await tenant.PutAsync("cold.txt", S3StorageClass.Glacier);
                await tenant.ApplyStoreAsync();
            },
            async () =>
            {
                await tenant.DeleteAsync("cold.txt");
                await tenant.AnnotateAsync(Labels.ReconcileAt, "mended");
                await tenant.UntilReadyAsync();
            });
    }

    private async Task<WatchedState> KeyChangeAsync()
    {
        var tenant = await ServingAsync("change");
        var second = tenant.NewArn();
        Cloud.SetKeyState(second, "Disabled");
        await tenant.ApplyKeyAsync("second", second);
        return new("a store is told to go to a key that is disabled", ["ByokKeyChangeStalled"],
            () => tenant.NameKeyAsync("second"),
            () =>
            {
                Cloud.SetKeyState(second, "Enabled");
                return Task.CompletedTask;
            });
    }

    private async Task<WatchedState> OverdueAsync()
    {
        var tenant = await ServingAsync("overdue", spec => spec with { Report = new ReportPolicy { Interval = "1m" } });
        var refused = Refuse("PATCH", $"/namespaces/{tenant.Namespace}/configmaps/store-report", 500);
        return new("an old report comes back from a backup, and the API server takes no new one",
            ["ByokReportOverdue"],
            () =>
            {
                refused.IsOn = true;
                tenant.DateReport(TimeProvider.System.GetUtcNow().AddMinutes(-10));
                return Task.CompletedTask;
            },
            refused.EndAsync);
    }

    private async Task<WatchedState> DeviatingAsync()
    {
        var tenant = await ServingAsync("deviating");
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        return new("an object stands in the store that is not under its key",
            ["ByokReportDeviates{code=\"ObjectsUnderOtherKey\"}"],
            () =>
            {
                Cloud.PutSparse(bucket, "deviating/stray.txt", 10, seed: 1);
                return tenant.AnnotateAsync(Labels.ReportAt, "1");
            },
            async () =>
            {
                await tenant.RemoveAsync(bucket, "deviating/stray.txt");
                await tenant.AnnotateAsync(Labels.ReportAt, "2");
            });
    }

    private async Task<WatchedState> ExpiringAsync()
    {
        var tenant = await world.EnrolAsync("expiring");
        var now = TimeProvider.System.GetUtcNow();
        await HandedOver.UploadAsync(world.Stage, tenant.Namespace, RandomNumberGenerator.GetBytes(32));
        await tenant.ApplyImportedKeyAsync(now.AddDays(300));
        await tenant.UntilUsableAsync();
        return new("the tenant says that its imported material goes in an hour", ["ByokMaterialExpiring"],
            () => tenant.ApplyImportedKeyAsync(now.AddHours(1)), () => tenant.ApplyImportedKeyAsync(now.AddDays(200)));
    }

    private async Task<WatchedState> ThrottledAsync()
    {
        var tenant = await world.EnrolAsync("throttled");
        await tenant.ApplyKeyAsync(every: "1s");
        await tenant.UntilUsableAsync();
        return Faulty("KMS throttles what is asked of the tenant's key",
            ["ByokCloudThrottles{service=\"kms\"}"],
            new FaultRule(new FaultEffect.Throttle()) { Service = "kms", KeyPrefix = tenant.KeyArn });
    }

    private async Task<WatchedTenant> ServingAsync(
        string name, Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null, string every = "5s")
    {
        var tenant = await world.EnrolAsync(name);
        await tenant.PutAsync("a.txt");
        await tenant.ApplyKeyAsync(every: every);
        await tenant.ApplyStoreAsync(change);
        await tenant.UntilReadyAsync();
        return tenant;
    }

    private WatchedState Faulty(string what, string[] alerts, FaultRule rule)
    {
        var id = 0;
        return new(what, alerts,
            () =>
            {
                id = Cloud.AddFault(rule);
                return Task.CompletedTask;
            },
            () =>
            {
                Cloud.RemoveFault(id);
                return Task.CompletedTask;
            });
    }
}
