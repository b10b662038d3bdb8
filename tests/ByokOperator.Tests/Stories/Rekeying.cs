using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;

namespace ByokOperator.Tests.Stories;

/// <summary>What stories of a change of key share: the tenant whose data moved in, its keys, its writers.</summary>
internal static class Rekeying
{
    public const string Store = "store";

    public static async Task<Tenant> OpenAsync(
        bool isOwn = false, bool isVersioned = false, string existingObjects = StoreRotation.Reencrypt)
    {
        var tenant = await Tenant.MoveInAsync();
        if (isVersioned)
        {
            using var admin =
                tenant.Stage.S3(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret);
            await admin.PutBucketVersioningAsync(
                new PutBucketVersioningRequest
                {
                    BucketName = Tenant.SharedBucket,
                    VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
                });
        }

        await tenant.PutAsync("acme/a.txt", "zero");
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.PutAsync("acme/b.txt", "two");
        if (isOwn)
        {
            await KeyAsync(tenant, "key", isOwn);
        }
        else
        {
            await tenant.ApplyKeyAsync();
        }

        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Rotation = new StoreRotation { ExistingObjects = existingObjects, Overlap = "1s" } });
        await tenant.UntilReadyAsync();
        return tenant;
    }

    public static async Task<string> KeyAsync(Tenant tenant, string name, bool isOwn = false)
    {
        var arn = tenant.Cloud.CreateKey(isOwn ? LocalCloudAccounts.Platform
            : LocalCloudAccounts.Tenant, Quickstart.Stage.Region);
        tenant.Cloud.SetKeyPolicy(arn, tenant.Stage.KeyPolicy(arn, Tenant.Namespace));
        await tenant.ApplyKeyAsync(name, arn);
        return arn;
    }

    public static Task<EncryptedStore> NameAsync(Tenant tenant, string key) =>
        tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, Store),
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = key } } },
            CancellationToken.None);

    public static Task<EncryptedStore> RotateAsync(Tenant tenant, JsonObject rotation) =>
        tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, Store),
            new JsonObject { ["spec"] = new JsonObject { ["rotation"] = rotation } }, CancellationToken.None);

    /// <summary>On the new key alone, with nothing of the change left to be said, its workers gone.</summary>
    public static async Task<EncryptedStore> UntilReleasedAsync(Tenant tenant, string key)
    {
        var released = await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True")
            && store.Status is { PinnedKeys: null, PendingKey: null, Availability: "Open" }
            && store.Status.ActiveKey == key && Conditions.Find(store.Status.Conditions, "ObjectsReencrypted") is null);
        (await JobsAsync(tenant)).ShouldBeEmpty();
        return released;
    }

    /// <summary>Disabled, nothing of the store happens; its object is held by nobody.</summary>
    public static async Task OldKeyMayGoAsync(Tenant tenant, string bucket, string old)
    {
        tenant.Cloud.SetKeyState(old, "Disabled");
        await tenant.UntilKeyAsync(key => key.Status!.Verdict == "Revoked");
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        var address = new ObjectKey(Tenant.Namespace, "key");
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().DeleteAsync(address, null, CancellationToken.None);
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            await tenant.Stage.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, CancellationToken.None) is not null;
                await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("the key is still held");
        }

        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");
    }

    public static async Task<IReadOnlyList<Job>> JobsAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<Job>()
            .ListPageAsync(
                new Selection(Quickstart.Stage.SystemNamespace,
                    $"{Labels.StoreUid}={(await tenant.StoreAsync()).Metadata.Uid}"), null,
                        CancellationToken.None)).Items;

    /// <summary>Every version with content, the operator's own marks too, and its key.</summary>
    public static async Task<IReadOnlyList<(string Key, string? Version, string ETag, string? KeyId)>> StandingAsync(
        Tenant tenant, string bucket)
    {
        using var s3 = tenant.Stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        List<(string, string?, string, string?)> all = [];
        foreach (var version in (await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket })).Versions
            .Where(version => version.IsDeleteMarker != true))
        {
            var head = await s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = bucket, Key = version.Key, VersionId = version.VersionId });
            all.Add((version.Key, version.VersionId, head.ETag, head.ServerSideEncryptionKeyManagementServiceKeyId));
        }

        return all;
    }

    /// <summary>As a workload does that follows its binding: new objects,
    /// and one that it writes over and over.</summary>
    public static async Task<int> WriteAsync(Tenant tenant, string bucket, CancellationToken stop)
    {
        var written = 0;
        for (; !stop.IsCancellationRequested; written++)
        {
            var binding = await tenant.Stage.Kube.Api<ConfigMap>()
                .GetAsync(new ObjectKey(Tenant.Namespace, StoreNames.BindingOf(Store)), CancellationToken.None);
            foreach (var name in new[] { $"acme/{written}.txt", "acme/hot.txt" })
            {
                var request = new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = name,
                    ContentBody = $"{written}",
                    ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                    ServerSideEncryptionKeyManagementServiceKeyId = binding.Data!["key"],
                };
                await tenant.Writer.PutObjectAsync(request, CancellationToken.None); // none is given up half way
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return written;
    }
}
