using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Stories.Rekeying;

namespace ByokOperator.Tests.Stories;

/// <summary>A store that goes to another key with all of its objects, with the whole operator running,
/// and lets the old key go.</summary>
public sealed class ReencryptionStories
{
    [Fact(Timeout = LastResort.Story)]
    public async Task
        Versions_are_wrapped_anew_under_a_key_of_the_bucket_s_own_account_and_the_old_one_is_needed_no_more()
    {
        await using var tenant = await OpenAsync(isOwn: true, isVersioned: true);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var (old, second) =
            ((await tenant.StoreAsync()).Status!.ActiveKey!, await KeyAsync(tenant, "second", isOwn: true));
        var before = (await StandingAsync(tenant, bucket))
            .Where(one => one.Key.StartsWith("acme/", StringComparison.Ordinal)).ToList();
        before.Count.ShouldBe(3);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(tenant, bucket, stop.Token);

        await NameAsync(tenant, "second");
        var changed = await UntilReleasedAsync(tenant, second);
        await stop.CancelAsync();

        (await writing).ShouldBeGreaterThan(0, "no write was refused");
        (changed.Status!.Reencryption!.Engine,
            changed.Status.Reencryption.FinishedAt is not null).ShouldBe(("Update", true));
        var after = await StandingAsync(tenant, bucket);
        after.ShouldAllBe(one => one.KeyId == second);
        before.Select(one => (one.Key, one.Version, one.ETag))
            .Except(after.Select(one => (one.Key, one.Version, one.ETag))).ShouldBeEmpty("nothing moved");
        await OldKeyMayGoAsync(tenant, bucket, old);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task
        Objects_are_written_over_with_themselves_under_a_key_of_another_account_and_whoever_writes_meanwhile_wins()
    {
        await using var tenant = await OpenAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var second = await KeyAsync(tenant, "second");
        var upload = (await tenant.Writer.InitiateMultipartUploadAsync(bucket, "acme/forgotten")).UploadId;
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(tenant, bucket, stop.Token);

        await NameAsync(tenant, "second");
        var changed = await UntilReleasedAsync(tenant, second);
        await stop.CancelAsync();

        var written = await writing;
        changed.Status!.Reencryption!.Engine.ShouldBe("Copy");
        (await StandingAsync(tenant, bucket)).ShouldAllBe(one => one.KeyId == second);
        (await tenant.ReadAsync(bucket, "acme/hot.txt")).ShouldBe($"{written - 1}");
        (await Should.ThrowAsync<AmazonS3Exception>(() => tenant.Writer.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket, Key = "acme/forgotten", UploadId = upload, PartNumber = 1,
            InputStream = new MemoryStream([1]),
        }))).ErrorCode.ShouldBe("NoSuchUpload", "it would have been completed under the old key");
        await OldKeyMayGoAsync(tenant, bucket, tenant.KeyArn);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task
        The_old_key_revoked_during_re_encryption_closes_the_store_which_goes_on_with_the_same_keys()
    {
        await using var tenant = await OpenAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var second = await KeyAsync(tenant, "second");
        var turnstile = new Turnstile();
        tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await NameAsync(tenant, "second");
        await tenant.UntilAsync(_ => turnstile.Arrived > 0);

        foreach (var (arn, name) in new[] { (tenant.KeyArn, "key"), (second, "second") })
        {
            tenant.Cloud.SetKeyState(arn, "Disabled");
            (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe($"KeyDisabled: {name}");
            (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
            (await JobsAsync(tenant)).ShouldBeEmpty();
            tenant.Cloud.SetKeyState(arn, "Enabled");
            await tenant.UntilAsync(store => store.Status is { Availability: "Open", PinnedKeys.Count: 2 });
        }

        turnstile.Open();
        await UntilReleasedAsync(tenant, second);
        (await StandingAsync(tenant, bucket)).ShouldAllBe(one => one.KeyId == second);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_store_that_kept_its_old_objects_under_two_keys_and_is_set_to_Reencrypt_lets_both_go()
    {
        await using var tenant = await OpenAsync(existingObjects: StoreRotation.Keep);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        foreach (var (name, keys) in new[] { ("second", 2), ("third", 3) })
        {
            var arn = await KeyAsync(tenant, name);
            await NameAsync(tenant, name);
            await tenant.UntilAsync(store =>
                Tenant.Is(store, "Ready", "True") && store.Status!.ActiveKey == arn
                    && store.Status.PinnedKeys?.Count == keys
                    && Conditions.Find(store.Status.Conditions, "OldKeyRefused") is null);
            await tenant.Writer.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = $"acme/{name}.txt", ContentBody = name });
        }

        var third = (await tenant.StoreAsync()).Status!.ActiveKey!;
        (await StandingAsync(tenant, bucket)).Select(one => one.KeyId).Distinct().Count().ShouldBe(3);
        await RotateAsync(tenant, new JsonObject { ["existingObjects"] = StoreRotation.Reencrypt });

        await UntilReleasedAsync(tenant, third);
        (await StandingAsync(tenant, bucket)).ShouldAllBe(one => one.KeyId == third);
        await OldKeyMayGoAsync(tenant, bucket, tenant.KeyArn);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task
        An_object_that_can_not_be_put_under_the_new_key_is_named_and_done_once_it_is_mended_and_somebody_says_so()
    {
        await using var tenant = await OpenAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "acme/cold.txt",
                ContentBody = "x",
                StorageClass = S3StorageClass.Glacier,
            });
        var second = await KeyAsync(tenant, "second");
        await NameAsync(tenant, "second");

        var stalled = await tenant.UntilAsync(store =>
            Tenant.ReasonOf(store) == "ObjectsRefused"
                && Message(store).Contains("tried again", StringComparison.Ordinal));
        Message(stalled).ShouldStartWith("1 object can't be put under the new key: 'acme/cold.txt': it is archived");
        stalled.Status!.Availability.ShouldBe("Open");
        await tenant.Writer.DeleteObjectAsync(bucket, "acme/cold.txt");
        await tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, Store),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ReconcileAt] = "mended" } },
            }, CancellationToken.None);
        await UntilReleasedAsync(tenant, second);
    }

    private static string Message(EncryptedStore store) =>
        Conditions.Find(store.Status!.Conditions, "ObjectsReencrypted")?.Message ?? "";
}
