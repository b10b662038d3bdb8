using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A store that names another key than the one that its objects stand under,
/// with the whole operator running.</summary>
public sealed class KeyChangeStories
{
    private const string Store = "store";

    [Fact]
    public async Task A_store_goes_to_another_key_while_it_is_written_to_and_keeps_its_old_objects_and_both_keys()
    {
        await using var tenant = await OpenAsync();
        var second = await SecondKeyAsync(tenant);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(tenant, bucket, stop.Token);

        await NameAsync(tenant, "second");
        var changed = await tenant.UntilAsync(store =>
            Tenant.Is(store, "Ready", "True") && store.Status is { PendingKey: null, PinnedKeys.Count: 2 }
                && store.Status.ActiveKey == second && !HasChange(store));
        await stop.CancelAsync();

        (await writing).ShouldBeGreaterThan(0, "no write was refused");
        changed.Status!.PinnedKeys!.Select(key => (key.Name, key.Id))
            .ShouldBe([("second", second), ("key", tenant.KeyArn)]);
        (await BindingAsync(tenant))["key"].ShouldBe(second);
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        (await KeyOfAsync(tenant, bucket, "acme/a.txt")).ShouldBe(tenant.KeyArn);
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "acme/new.txt", ContentBody = "two" });
        (await KeyOfAsync(tenant, bucket, "acme/new.txt")).ShouldBe(second);
        (await RefusalAsync(tenant, bucket, tenant.KeyArn)).ShouldBe("AccessDenied");

        foreach (var (arn, name) in new[] { (tenant.KeyArn, "key"), (second, "second") })
        {
            tenant.Cloud.SetKeyState(arn, "Disabled");
            (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe($"KeyDisabled: {name}");
            (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
            tenant.Cloud.SetKeyState(arn, "Enabled");
            await tenant.UntilReadyAsync();
            (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        }

        await tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "key"), null, CancellationToken.None);
        await tenant.UntilKeyAsync(key => Conditions.Find(key.Status!.Conditions, "Stalled")?.Reason == "KeyInUse");
    }

    [Fact]
    public async Task A_new_key_that_is_not_usable_changes_nothing_and_the_first_name_written_again_ends_it()
    {
        await using var tenant = await OpenAsync();
        var second = await SecondKeyAsync(tenant);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        tenant.Cloud.SetKeyState(second, "Disabled");

        await NameAsync(tenant, "second");

        var stalled = await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "NewKeyNotUsable");
        (stalled.Status!.Availability, stalled.Status.PendingKey, stalled.Status.ActiveKey,
            stalled.Status.PinnedKeys).ShouldBe(("Open", "second", tenant.KeyArn, null));
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        (await BindingAsync(tenant))["key"].ShouldBe(tenant.KeyArn);

        await NameAsync(tenant, "key");
        (await tenant.UntilReadyAsync()).Status!.PendingKey.ShouldBeNull();
    }

    [Fact]
    public async Task A_wish_for_another_key_that_comes_while_the_store_is_closed_opens_nothing_and_redirects_nothing()
    {
        await using var tenant = await OpenAsync();
        await SecondKeyAsync(tenant);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        var changes = tenant.Cloud.Count("s3", "PutBucketPolicy") + tenant.Cloud.Count("s3", "PutBucketEncryption");

        await NameAsync(tenant, "second");
        await tenant.UntilAsync(store =>
            store.Status is { PendingKey: "second", Availability: "Closed" }
                && store.Status.ObservedGeneration == store.Metadata.Generation);
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "second"),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReconcileAt] = "now" } },
            }, CancellationToken.None);
        await tenant.UntilKeyAsync(_ => true);

        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        (tenant.Cloud.Count("s3", "PutBucketPolicy") + tenant.Cloud.Count("s3", "PutBucketEncryption"))
            .ShouldBe(changes);
        (await tenant.StoreAsync()).Status!.ActiveKey.ShouldBe(tenant.KeyArn);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilAsync(store =>
            Tenant.Is(store, "Ready", "True") && store.Status is { PendingKey: null, PinnedKeys.Count: 2 });
    }

    [Fact]
    public async Task
        Either_key_revoked_on_the_way_closes_the_store_a_restart_opens_nothing_and_the_change_goes_on_later()
    {
        await using var tenant = await OpenAsync(overlap: "1h");
        var second = await SecondKeyAsync(tenant);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        await NameAsync(tenant, "second");
        await tenant.UntilAsync(store =>
            store.Status?.ActiveKey == second && Tenant.Is(store, "DefaultRedirected", "True")
                && Conditions.Find(store.Status.Conditions, "OldKeyRefused")?.Reason == "KeptAsAsked");
        (await RefusalAsync(tenant, bucket, tenant.KeyArn)).ShouldBeNull("writes may name either key");

        foreach (var (arn, name) in new[] { (tenant.KeyArn, "key"), (second, "second") })
        {
            tenant.Cloud.SetKeyState(arn, "Disabled");
            (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe($"KeyDisabled: {name}");
            await tenant.Stage.StopOperatorAsync();
            tenant.Stage.RestartOperator();
            await tenant.UntilAsync(store => store.Status?.ClosedReason == $"KeyDisabled: {name}");
            (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
            tenant.Cloud.SetKeyState(arn, "Enabled");
            await tenant.UntilAsync(store => store.Status?.Availability == "Open" && Tenant.Is(store, "Ready", "True"));
        }

        await tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, Store),
            new JsonObject { ["spec"] = new JsonObject { ["rotation"] = new JsonObject { ["overlap"] = "1s" } } },
            CancellationToken.None);
        await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True") && !HasChange(store));
        (await RefusalAsync(tenant, bucket, tenant.KeyArn)).ShouldBe("AccessDenied");
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
    }

    [Fact]
    public async Task
        A_store_that_leaves_a_key_of_the_platform_s_own_keeps_its_grant_there_and_makes_none_on_the_tenant_s_key()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UploadAsync(RandomNumberGenerator.GetBytes(32));
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Rotation = new StoreRotation { ExistingObjects = StoreRotation.Keep, Overlap = "1s" } });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var second = await SecondKeyAsync(tenant);

        await NameAsync(tenant, "second");
        await tenant.UntilAsync(store =>
            Tenant.Is(store, "Ready", "True") && store.Status!.ActiveKey == second
                && store.Status.PinnedKeys is { Count: 2 } && !HasChange(store));

        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        (await KeyOfAsync(tenant, bucket, "acme/a.txt")).ShouldNotBe(second);
        await tenant.ApplyImportedKeyAsync(KeyStates.Revoked, KeyRules.Confirmation);
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("RevokedByTenant: key");
    }

    private static async Task<Tenant> OpenAsync(string overlap = "1s")
    {
        var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Rotation = new StoreRotation { ExistingObjects = StoreRotation.Keep, Overlap = overlap } });
        await tenant.UntilReadyAsync();
        return tenant;
    }

    private static bool HasChange(EncryptedStore store) =>
        Conditions.Find(store.Status!.Conditions, "OldKeyRefused") is not null;

    private static async Task<string> SecondKeyAsync(Tenant tenant)
    {
        var second = tenant.Cloud.CreateKey(LocalCloudAccounts.Tenant, Quickstart.Stage.Region);
        tenant.Cloud.SetKeyPolicy(second, tenant.Stage.KeyPolicy(second, Tenant.Namespace));
        await tenant.ApplyKeyAsync("second", second);
        return second;
    }

    private static Task<EncryptedStore> NameAsync(Tenant tenant, string key) =>
        tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, Store),
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = key } } },
            CancellationToken.None);

    private static async Task<IReadOnlyDictionary<string, string>> BindingAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(Tenant.Namespace, StoreNames.BindingOf(Store)), CancellationToken.None)).Data!;

    private static async Task<string?> KeyOfAsync(Tenant tenant, string bucket, string key) =>
        (await tenant.Writer.GetObjectMetadataAsync(bucket, key)).ServerSideEncryptionKeyManagementServiceKeyId;

    /// <summary>As a workload does that follows its binding: it names the key that stands there.</summary>
    private static async Task<int> WriteAsync(Tenant tenant, string bucket, CancellationToken stop)
    {
        var written = 0;
        for (; !stop.IsCancellationRequested; written++)
        {
            var key = (await BindingAsync(tenant))["key"];
            await tenant.Writer.PutObjectAsync(Naming(bucket, $"acme/{written}.txt", key), CancellationToken.None);
            await Task.Delay(20, CancellationToken.None);
        }

        return written;
    }

    private static async Task<string?> RefusalAsync(Tenant tenant, string bucket, string keyArn)
    {
        try
        {
            await tenant.Writer.PutObjectAsync(Naming(bucket, "acme/named.txt", keyArn));
            return null;
        }
        catch (AmazonS3Exception refused)
        {
            return refused.ErrorCode;
        }
    }

    private static PutObjectRequest Naming(string bucket, string name, string keyArn) => new()
    {
        BucketName = bucket, Key = name, ContentBody = "x",
        ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
        ServerSideEncryptionKeyManagementServiceKeyId = keyArn,
    };
}
