using Amazon.S3;
using Amazon.S3.Model;
using Byok.Copying;
using ByokOperator.Reencrypting;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;

namespace ByokOperator.Tests.Reencrypting;

/// <summary>A store of a real S3's manners that went from one key to another, with what was written under the first;
/// and the ways to run workers over it.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    private readonly Quickstart.Stage stage;

    private Bucket(Quickstart.Stage stage, ReencryptionOptions order)
    {
        (this.stage, Order) = (stage, order);
        Writer = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
    }

    public ReencryptionOptions Order { get; }

    public IAmazonS3 Writer { get; }

    public string Name => Order.Store.Name;

    public string New => Order.Key.Id;

    public string Old => Order.OldKeys.Single();

    public LocalCloud.Admin.LocalCloudAdmin Cloud => stage.Cloud.Admin;

    public static async Task<Bucket> MakeAsync(ReencryptionEngine engine, bool isVersioned, Func<Bucket, Task> fill)
    {
        var stage = await Quickstart.Stage.SetAsync(null, NullLoggerFactory.Instance);
        var account = engine == ReencryptionEngine.Update ? LocalCloudAccounts.Platform : LocalCloudAccounts.Tenant;
        KeyRef Key()
        {
            var key =
                new KeyRef(Quickstart.Stage.Region, stage.Cloud.Admin.CreateKey(account, Quickstart.Stage.Region));
            stage.Cloud.Admin.SetKeyPolicy(key.Id,
                stage.Aws.Policies.RequiredPolicy(key,
                    new KeyBinding("acme", [], new DataPrincipal(LocalCloudAccounts.WorkloadRole, null))));
            return key;
        }

        var (old, fresh) = (Key(), Key());
        var spec =
            new StoreSpec(new StoreRef(Quickstart.Stage.Region, "store"), "uid-1", old, BucketKey: false, isVersioned);
        var bucket = new Bucket(stage, new ReencryptionOptions
        {
            Store = spec.Store, Key = fresh, OldKeys = [old.Id], Engine = engine, Fingerprint = "rekey-1",
            Concurrency = 4,
        });
        await stage.Aws.Stores.PrepareAsync(spec, CancellationToken.None);
        await fill(bucket);
        await stage.Aws.Stores.PrepareAsync(spec with { Key = fresh }, CancellationToken.None);
        return bucket;
    }

    public Task PutAsync(string key, string content = "x", Action<PutObjectRequest>? change = null)
    {
        var request = new PutObjectRequest { BucketName = Name, Key = key, ContentBody = content };
        change?.Invoke(request);
        return Writer.PutObjectAsync(request);
    }

    /// <summary>A mark of the operator's own.</summary>
    public Task MarkAsync(string name, string keyId) =>
        stage.Aws.Objects.WriteMarkAsync(Order.Store, name, "{}"u8.ToArray(), Order.Key with { Id = keyId },
            ifMatch: null, CancellationToken.None);

    public async Task<CopyExit> RunAsync(
        ReencryptionOptions? order = null, Func<string, string, Task>? turn = null, CancellationToken stop = default)
    {
        var ports =
            new Interposed(stage.Aws.Objects, stage.Aws.ObjectEncryption, turn ?? ((_, _) => Task.CompletedTask)).Ports;
        return await new ReencryptionRun(order ?? Order, ports, TimeProvider.System,
            NullLogger.Instance).RunAsync(stop);
    }

    /// <summary>From now on versions are kept.</summary>
    public async Task VersionAsync()
    {
        using var admin = stage.S3(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret);
        await admin.PutBucketVersioningAsync(
            new PutBucketVersioningRequest
            {
                BucketName = Name,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
    }

    public Task<ReencryptionState> StateAsync(int shards = 1) =>
        new ReencryptionReader(stage.Aws.Objects).ReadAsync(Order.Store, Order.Fingerprint, shards,
            CancellationToken.None);

    /// <summary>Every version with content, by name, time and key; without the run's own marks.</summary>
    public async Task<IReadOnlyList<(string Key, string ETag, string? KeyId)>> StandingAsync()
    {
        List<(string, string, string?)> all = [];
        await foreach (var version
            in stage.Aws.Objects.ListVersionsAsync(Order.Store, "", null, CancellationToken.None))
        {
            if (!version.IsDeleteMarker
                && !version.Key.StartsWith(MarkNames.Root + Order.Fingerprint, StringComparison.Ordinal))
            {
                all.Add(
                    (version.Key, version.ETag,
                        (await stage.Aws.Objects.HeadAsync(Order.Store, version.Key, version.VersionId,
                            CancellationToken.None))!.KeyId));
            }
        }

        return all;
    }

    public async Task<string> ReadAsync(string key)
    {
        using var answer = await Writer.GetObjectAsync(Name, key);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await stage.DisposeAsync();
    }
}
