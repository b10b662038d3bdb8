using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Stories.Rekeying;

namespace ByokOperator.Tests.Stories;

/// <summary>A store that keeps versions goes to a key of another account: it moves to its next bucket, with the whole
/// operator running.</summary>
public sealed class NextBucketStories
{
    [Fact(Timeout = LastResort.Story)]
    public async Task Every_version_moves_to_the_next_bucket_while_writers_follow_the_binding_and_the_old_key_goes()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var bucket = await BucketAsync(tenant);
        await tenant.Writer.DeleteObjectAsync(bucket, "acme/b.txt");
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "beside the prefix", ContentBody = "beside" });
        var before = await ContentAsync(tenant, bucket);
        before.Count.ShouldBe(5);
        var second = await KeyAsync(tenant, "second");
        using var stop = new CancellationTokenSource();
        var writing = FollowAsync(tenant, stop.Token);

        await NameAsync(tenant, "second");
        var moved = await UntilReleasedAsync(tenant, second);
        await stop.CancelAsync();

        var (written, other) = await writing;
        other.ShouldBeEmpty("writes are refused by the delta's fence alone");
        written.Count.ShouldBeGreaterThan(0);
        var next = moved.Status!.Location!.Bucket;
        next.ShouldBe(bucket[..^1] + "2");
        (moved.Status.Reencryption!.Engine, moved.Status.Reencryption.FinishedAt is not null)
            .ShouldBe(("Move", true));
        (await ContentAsync(tenant, next)).Where(one => !written.Contains(one.Key) && one.Key != Hot)
            .ShouldBe(before, "each version, in its order, and each delete marker");
        written.Except((await ContentAsync(tenant, next)).Select(one => one.Key))
            .ShouldBeEmpty("nothing that was taken is lost");
        (await StandingAsync(tenant, next)).ShouldAllBe(one => one.KeyId == second);
        (await StandsAsync(tenant, bucket)).ShouldBeFalse();
        await OldKeyMayGoAsync(tenant, next, tenant.KeyArn);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task Either_key_revoked_while_copies_run_closes_both_buckets_and_the_same_keys_lead_on()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        var turnstile = await HeldCopyingAsync(tenant);

        await CloseByEitherAsync(tenant, second, bucket, Next(bucket));
        turnstile.Open();
        await UntilReleasedAsync(tenant, second);
        (await tenant.ReadAsync(Next(bucket), "acme/a.txt")).ShouldBe("one");
        (await StandingAsync(tenant, Next(bucket))).ShouldAllBe(one => one.KeyId == second);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task Either_key_revoked_during_the_overlap_closes_both_buckets_and_the_old_one_is_read_until_its_end()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        await OverlapAsync(tenant, "1h");
        await NameAsync(tenant, "second");
        await UntilServedAsync(tenant, second);
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one", "who holds the old binding reads on");
        (await Should.ThrowAsync<AmazonS3Exception>(() => tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "acme/late.txt", ContentBody = "x" })))
            .ErrorCode.ShouldBe("AccessDenied", "and is refused, not lost");

        await CloseByEitherAsync(tenant, second, bucket, Next(bucket));
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        await OverlapAsync(tenant, "1s");
        await UntilReleasedAsync(tenant, second);
        (await StandsAsync(tenant, bucket)).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task The_old_name_written_again_takes_copies_and_bucket_back_and_the_change_may_begin_anew()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        var turnstile = await HeldCopyingAsync(tenant);
        (await StandsAsync(tenant, Next(bucket))).ShouldBeTrue();

        await NameAsync(tenant, "key");
        turnstile.Open();
        var back = await UntilReleasedAsync(tenant, tenant.KeyArn);
        back.Status!.Location!.Bucket.ShouldBe(bucket);
        (await StandsAsync(tenant, Next(bucket))).ShouldBeFalse();
        tenant.Cloud.SetKeyState(second, "Disabled");
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "acme/c.txt", ContentBody = "goes on" });
        tenant.Cloud.SetKeyState(second, "Enabled");

        await NameAsync(tenant, "second");
        await UntilReleasedAsync(tenant, second);
        (await tenant.ReadAsync(Next(bucket), "acme/c.txt")).ShouldBe("goes on");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_is_lost_for_good_on_the_way_keeps_nobody_shut_once_the_spec_goes_back()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        var turnstile = await HeldCopyingAsync(tenant);
        tenant.Cloud.SetKeyState(second, "Disabled");
        await tenant.UntilClosedAsync();
        turnstile.Open();

        await NameAsync(tenant, "key");
        (await UntilReleasedAsync(tenant, tenant.KeyArn)).Status!.Location!.Bucket.ShouldBe(bucket);
        (await StandsAsync(tenant, Next(bucket))).ShouldBeFalse();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_third_key_named_on_the_way_is_followed_afterwards_into_a_third_bucket()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, _) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        var third = await KeyAsync(tenant, "third");
        var turnstile = await HeldCopyingAsync(tenant);
        await NameAsync(tenant, "third");
        await tenant.UntilAsync(store => store.Status is { PendingKey: "third", PinnedKeys.Count: 2 });

        turnstile.Open();
        (await UntilReleasedAsync(tenant, third)).Status!.Location!.Bucket.ShouldBe(bucket[..^1] + "3");
        (await tenant.ReadAsync(bucket[..^1] + "3", "acme/a.txt")).ShouldBe("one");
        (await StandsAsync(tenant, bucket)).ShouldBeFalse();
        (await StandsAsync(tenant, Next(bucket))).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task An_operator_that_dies_wherever_the_move_gets_to_goes_on_from_there_and_loses_nothing()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        var before = await ContentAsync(tenant, bucket);
        HashSet<string> seen = [];
        await NameAsync(tenant, "second");
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            !(await tenant.StoreAsync() is var now && now.Status!.ActiveKey == second && Tenant.Is(now, "Ready", "True")
                && now.Status.PinnedKeys is null);
            await Task.Delay(20))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue(string.Join(' ', seen));
            if (Tenant.ReasonOf(await tenant.StoreAsync()) is { } reason && seen.Add(reason))
            {
                await tenant.Stage.StopOperatorAsync();
                tenant.Stage.RestartOperator();
            }
        }

        seen.Count.ShouldBeGreaterThan(3, string.Join(' ', seen));
        (await ContentAsync(tenant, Next(bucket))).ShouldBe(before);
        (await StandsAsync(tenant, bucket)).ShouldBeFalse();
    }

    [Theory(Timeout = LastResort.Story)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_is_deleted_on_the_way_leaves_one_bucket_or_two_on_record_and_closed_with_either_key(
        bool isServed)
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, _, turnstile) = await OnTheWayAsync(tenant, isServed);

        await DeleteAsync(tenant);
        turnstile?.Open();
        await GoneAsync(tenant);
        (await StandsAsync(tenant, Next(bucket))).ShouldBe(isServed);
        (await tenant.ListAsync(bucket, "acme/")).ShouldNotBeNull();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        string[] left = isServed ? [bucket, Next(bucket)] : [bucket];
        await UntilShutAsync(tenant, left);
    }

    [Theory(Timeout = LastResort.Story)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_is_deleted_with_its_data_takes_both_buckets_along(bool isServed)
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, _, turnstile) = await OnTheWayAsync(tenant, isServed);

        await PatchAsync(tenant, new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject
            {
                ["annotations"] = new System.Text.Json.Nodes.JsonObject { [Labels.ConfirmDelete] = Store },
            },
            ["spec"] = new System.Text.Json.Nodes.JsonObject { ["deletionPolicy"] = DeletionPolicies.Delete },
        });
        await DeleteAsync(tenant);
        turnstile?.Open();
        await GoneAsync(tenant);
        (await StandsAsync(tenant, bucket)).ShouldBeFalse();
        (await StandsAsync(tenant, Next(bucket))).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_name_that_a_stranger_took_is_passed_over()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        tenant.Cloud.CreateBucket(Next(bucket), Quickstart.Stage.Region, LocalCloudAccounts.Tenant);

        await NameAsync(tenant, "second");
        (await UntilReleasedAsync(tenant, second)).Status!.Location!.Bucket.ShouldBe(bucket[..^1] + "3");
        (await StandsAsync(tenant, Next(bucket))).ShouldBeTrue("it is somebody else's");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_store_whose_record_is_lost_after_it_moved_is_found_in_its_bucket_and_closed_there()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        await NameAsync(tenant, "second");
        await UntilReleasedAsync(tenant, second);
        await tenant.Stage.StopOperatorAsync();
        var owner = RecordOwner.Of((await tenant.StoreAsync()).Metadata);
        await tenant.Stage.Kube.Api<ConfigMap>().DeleteAsync(
            new ObjectKey(Quickstart.Stage.SystemNamespace, RecordCodec.NameOf<StoreRecord>(owner)), null,
            CancellationToken.None);
        tenant.Stage.RestartOperator();
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            await tenant.Stage.Kube.Api<ConfigMap>().TryGetAsync(
                new ObjectKey(Quickstart.Stage.SystemNamespace, RecordCodec.NameOf<StoreRecord>(owner)),
                CancellationToken.None) is null;
            await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("the record is written anew");
        }

        (await UntilReleasedAsync(tenant, second)).Status!.Location!.Bucket.ShouldBe(Next(bucket));
        (await StandsAsync(tenant, bucket)).ShouldBeFalse("no second one is made");
        (await tenant.ReadAsync(Next(bucket), "acme/a.txt")).ShouldBe("one");
        tenant.Cloud.SetKeyState(second, "Disabled");
        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(Next(bucket), "")).ShouldBeNull("LIST must be refused");
    }

    [Theory(Timeout = LastResort.Story)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_that_is_lost_on_the_way_opens_nothing_and_both_buckets_are_closed(bool isServed)
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second, turnstile) = await OnTheWayAsync(tenant, isServed);
        await tenant.Stage.StopOperatorAsync();
        await tenant.Stage.Kube.Api<ConfigMap>().DeleteAsync(
            new ObjectKey(Quickstart.Stage.SystemNamespace,
                RecordCodec.NameOf<StoreRecord>(RecordOwner.Of((await tenant.StoreAsync()).Metadata))), null,
            CancellationToken.None);
        turnstile?.Open();
        tenant.Stage.RestartOperator();

        var unclear = await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "BucketsUnclear");
        unclear.Status!.Location!.Bucket.ShouldBe(isServed ? Next(bucket) : bucket);
        tenant.Cloud.SetKeyState(second, "Disabled");
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await UntilShutAsync(tenant, [bucket, Next(bucket)]);
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_store_that_moved_on_leaves_from_where_it_is()
    {
        await using var tenant = await OpenAsync(isVersioned: true);
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        await NameAsync(tenant, "second");
        await UntilReleasedAsync(tenant, second);

        await PatchAsync(tenant, new()
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject
            {
                ["annotations"] = new System.Text.Json.Nodes.JsonObject { [Labels.ConfirmReturn] = $"{Store}/second" },
            },
            ["spec"] = new System.Text.Json.Nodes.JsonObject { ["keyRef"] = null },
        });
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            await StandsAsync(tenant, Next(bucket)); await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("the bucket goes");
        }

        tenant.Cloud.SetKeyState(second, "Disabled");
        (await tenant.ReadAsync(Tenant.SharedBucket, "acme/a.txt")).ShouldBe("one");
        (await ContentAsync(tenant, Tenant.SharedBucket)).Count(one => one.Key == "acme/a.txt").ShouldBe(2);
    }

    private const string Hot = "acme/hot.txt";

    private static string Next(string bucket) => bucket[..^1] + "2";

    private static async Task<string> BucketAsync(Tenant tenant) =>
        (await tenant.StoreAsync()).Status!.Location!.Bucket;

    private static Task<EncryptedStore> PatchAsync(Tenant tenant, System.Text.Json.Nodes.JsonObject patch) =>
        tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(new ObjectKey(Tenant.Namespace, Store), patch,
            CancellationToken.None);

    private static Task<EncryptedStore> OverlapAsync(Tenant tenant, string overlap) =>
        RotateAsync(tenant, new System.Text.Json.Nodes.JsonObject { ["overlap"] = overlap });

    /// <summary>On its way to the key "second", with a worker that waits before its first copy.</summary>
    private static async Task<Turnstile> HeldCopyingAsync(Tenant tenant)
    {
        var turnstile = new Turnstile();
        tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await NameAsync(tenant, "second");
        await tenant.UntilAsync(_ => turnstile.Arrived > 0);
        return turnstile;
    }

    /// <summary>On its way to the key "second": before its first copy, or switched and in the overlap.</summary>
    private static async Task<(string Bucket, string Second, Turnstile? Held)> OnTheWayAsync(
        Tenant tenant, bool isServed)
    {
        var (bucket, second) = (await BucketAsync(tenant), await KeyAsync(tenant, "second"));
        await OverlapAsync(tenant, "1h");
        var turnstile = isServed ? null : await HeldCopyingAsync(tenant);
        await NameAsync(tenant, "second");
        await (isServed ? UntilServedAsync(tenant, second) : Task.CompletedTask);
        return (bucket, second, turnstile);
    }

    private static Task<EncryptedStore> UntilServedAsync(Tenant tenant, string key) => tenant.UntilAsync(store =>
        store.Status!.ActiveKey == key && Tenant.Is(store, "ServedFromTarget", "True")
            && Conditions.Find(store.Status.Conditions, "SourceRetired")?.Reason == "KeptAsAsked");

    private static async Task CloseByEitherAsync(Tenant tenant, string second, params string[] buckets)
    {
        foreach (var (arn, name) in new[] { (tenant.KeyArn, "key"), (second, "second") })
        {
            tenant.Cloud.SetKeyState(arn, "Disabled");
            (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe($"KeyDisabled: {name}");
            foreach (var bucket in buckets)
            {
                (await tenant.ListAsync(bucket, "")).ShouldBeNull($"LIST must be refused in {bucket} by {name}");
            }

            (await JobsAsync(tenant)).ShouldBeEmpty();
            tenant.Cloud.SetKeyState(arn, "Enabled");
            await tenant.UntilAsync(store => store.Status is { Availability: "Open", PinnedKeys.Count: 2 });
            for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
                (await Task.WhenAll(buckets.Select(bucket => tenant.ListAsync(bucket, "")))).Any(list => list is null);
                await Task.Delay(50))
            {
                (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("both are opened again");
            }
        }
    }

    private static async Task UntilShutAsync(Tenant tenant, IReadOnlyList<string> buckets)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            (await Task.WhenAll(buckets.Select(bucket => tenant.ListAsync(bucket, "")))).Any(list => list is not null);
            await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("what is left is closed");
        }
    }

    private static Task<bool> DeleteAsync(Tenant tenant) => tenant.Stage.Kube.Api<EncryptedStore>()
        .DeleteAsync(new ObjectKey(Tenant.Namespace, Store), null, CancellationToken.None);

    private static async Task GoneAsync(Tenant tenant)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            await tenant.Stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(Tenant.Namespace, Store), CancellationToken.None) is { } standing;
            await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue(
                System.Text.Json.JsonSerializer.Serialize(standing, EncryptedStore.Json));
        }
    }

    private static async Task<bool> StandsAsync(Tenant tenant, string bucket)
    {
        using var s3 = tenant.Stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        try
        {
            await s3.GetBucketLocationAsync(bucket);
            return true;
        }
        catch (AmazonS3Exception refused)
        {
            return refused.ErrorCode != "NoSuchBucket";
        }
    }

    /// <summary>Every version but the operator's own, newest first, by the digest of its content; null for a delete
    /// marker.</summary>
    private static async Task<IReadOnlyList<(string Key, string? Digest)>> ContentAsync(Tenant tenant, string bucket)
    {
        using var s3 = tenant.Stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        List<(string, string?)> all = [];
        foreach (var version in (await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket })).Versions
            .Where(version => !version.Key.StartsWith(".byok/", StringComparison.Ordinal)))
        {
            if (version.IsDeleteMarker == true)
            {
                all.Add((version.Key, null));
                continue;
            }

            using var answer = await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = version.Key, VersionId = version.VersionId });
            all.Add((version.Key, Convert.ToHexString(await SHA256.HashDataAsync(answer.ResponseStream))));
        }

        return all;
    }

    /// <summary>As a workload that follows its binding and tries again what is refused: new objects, and one that it
    /// writes over and over.</summary>
    /// <returns>What was taken, and what was refused by anything but a fence.</returns>
    private static async Task<(HashSet<string> Written, List<string> Other)> FollowAsync(
        Tenant tenant, CancellationToken stop)
    {
        HashSet<string> written = [];
        List<string> other = [];
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            try
            {
                var binding = await tenant.Stage.Kube.Api<ConfigMap>()
                    .GetAsync(new ObjectKey(Tenant.Namespace, StoreNames.BindingOf(Store)), CancellationToken.None);
                foreach (var name in new[] { $"acme/{number}.txt", Hot })
                {
                    await tenant.Writer.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = binding.Data!["bucket"],
                            Key = name,
                            ContentBody = $"{number}",
                            ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                            ServerSideEncryptionKeyManagementServiceKeyId = binding.Data["key"],
                        }, CancellationToken.None);
                    written.Add(name);
                }
            }
            catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
            {
                // the fence, until the binding leads on
            }
            catch (AmazonS3Exception refused)
            {
                other.Add(refused.ErrorCode);
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return (written, other);
    }
}
