using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A store whose key is taken away: its data goes back to the shared place, and the key is nobody's any more;
/// with the whole operator running.</summary>
public sealed class LeavingStories
{
    private const string Store = "store";
    private const string Consent = "store/key";

    [Fact(Timeout = LastResort.Story)]
    public async Task A_tenant_joins_leaves_deletes_and_disables_its_key_and_nothing_happens_and_it_joins_again()
    {
        await using var tenant = await JoinAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        await PutAsync(tenant, bucket, "acme/new.txt", "two");
        await tenant.Writer.DeleteObjectAsync(bucket, "acme/b.txt");

        await LeaveAsync(tenant);
        var asked = await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "ReturnNotConfirmed");
        (asked.Status!.Availability,
            Conditions.Find(asked.Status.Conditions, "Stalled")!.Message
                .Contains("AES256", StringComparison.Ordinal)).ShouldBe(("Open", true));
        await ConfirmAsync(tenant, "store/another");
        await Task.Delay(200);
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBeEmpty();
        (await BindingAsync(tenant))["bucket"].ShouldBe(bucket);

        await ConfirmAsync(tenant, Consent);
        var left = await UntilLeftAsync(tenant);
        left.Status!.Availability.ShouldBeNull("nothing is under a key, so nothing can be open or closed by one");
        tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
        var binding = await BindingAsync(tenant);
        (binding["bucket"], binding["prefix"], binding["key"]).ShouldBe((Tenant.SharedBucket, Tenant.Prefix, ""));
        await ShouldHoldAsync(tenant, ("acme/a.txt", "one"), ("acme/new.txt", "two"));
        (await tenant.Writer.GetObjectMetadataAsync(Tenant.SharedBucket, "acme/a.txt")).ServerSideEncryptionMethod
            .ShouldBe(ServerSideEncryptionMethod.AES256);
        (await tenant.ListAsync(Tenant.SharedBucket, ".byok/")).ShouldBeEmpty();
        await tenant.PutAsync("acme/later.txt", "three");

        await DeleteKeyAsync(tenant);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await LookAsync(tenant);
        await tenant.UntilAsync(store =>
            Tenant.Is(store, "Ready", "True") && store.Status!.LastHandledReconcileAt == "again"
                && store.Status.Availability is null);
        await ShouldHoldAsync(tenant, ("acme/a.txt", "one"), ("acme/later.txt", "three"), ("acme/new.txt", "two"));

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.ApplyKeyAsync();
        await NameAsync(tenant);
        var again = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        (await tenant.ReadAsync(again, "acme/later.txt")).ShouldBe("three");
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBeEmpty();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task Every_version_goes_back_and_an_operator_that_is_killed_at_every_step_loses_nothing()
    {
        await using var tenant = await Tenant.MoveInAsync();
        using (var admin = Admin(tenant))
        {
            await admin.PutBucketVersioningAsync(
                new PutBucketVersioningRequest
                {
                    BucketName = Tenant.SharedBucket,
                    VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
                });
        }

        await JoinAsync(tenant);
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        await PutAsync(tenant, bucket, "acme/a.txt", "newer");
        await tenant.Writer.DeleteObjectAsync(bucket, "acme/b.txt");
        await ConfirmAsync(tenant, Consent);
        await LeaveAsync(tenant);

        var seen = new HashSet<string>();
        await tenant.UntilAsync(store =>
        {
            if (IsLeft(store))
            {
                return true;
            }

            if (seen.Add($"{Tenant.ReasonOf(store)}"))
            {
                tenant.Stage.StopOperatorAsync().GetAwaiter().GetResult();
                tenant.Stage.RestartOperator();
            }

            return false;
        });
        seen.Count.ShouldBeGreaterThan(2, string.Join(' ', seen));
        tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
        var versions = await tenant.Writer.ListVersionsAsync(
            new ListVersionsRequest { BucketName = Tenant.SharedBucket, Prefix = "acme/" });
        versions.Versions.Select(one => (one.Key, one.IsDeleteMarker ?? false))
            .ShouldBe([("acme/a.txt", false), ("acme/a.txt", false), ("acme/b.txt", true), ("acme/b.txt", false)]);
        (await tenant.ReadAsync(Tenant.SharedBucket, "acme/a.txt")).ShouldBe("newer");
        await tenant.PutAsync("acme/b.txt", "writes are open");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_is_revoked_on_the_way_closes_the_store_and_only_the_same_key_leads_on()
    {
        await using var tenant = await JoinAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var turnstile = new Turnstile();
        tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await ConfirmAsync(tenant, Consent);
        await LeaveAsync(tenant);
        await Until.TrueAsync("the copy back has begun", () => Task.FromResult(turnstile.Arrived > 0));

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        turnstile.Open();
        await tenant.Stage.StopOperatorAsync();
        tenant.Stage.RestartOperator();
        await tenant.UntilAsync(store =>
            store.Status?.Availability == "Closed" && Tenant.ReasonOf(store) == "KeyDisabled");
        (await tenant.BindingStandsAsync()).ShouldBeFalse();

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(tenant, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
        tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_is_named_again_on_the_way_takes_the_copies_back_and_lets_writers_write()
    {
        await using var tenant = await JoinAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var turnstile = await LeaveHeldAfterOneAsync(tenant);
        (await WriteAsync(tenant, Tenant.SharedBucket, "acme/x.txt")).ShouldBe("AccessDenied", "the place is held");
        (await WriteAsync(tenant, bucket, "acme/x.txt"))
            .ShouldBeNull("nobody is held up in the store by the first copy");

        await NameAsync(tenant);
        turnstile.Open();
        await tenant.UntilAsync(store =>
            Tenant.Is(store, "Ready", "True") && store.Status!.Availability == "Open"
                && Conditions.Find(store.Status.Conditions, "Compliant") is not null);
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBeEmpty();
        (await WriteAsync(tenant, Tenant.SharedBucket, "acme2/x.txt")).ShouldBeNull();
        (await BindingAsync(tenant))["bucket"].ShouldBe(bucket);
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");

        await LeaveAsync(tenant);
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(tenant, ("acme/a.txt", "one"), ("acme/b.txt", "bee"), ("acme/x.txt", "x"));
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task
        A_store_whose_object_is_taken_away_by_force_on_the_way_leaves_nothing_and_no_hold_in_the_shared_place()
    {
        await using var tenant = await JoinAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        var turnstile = await LeaveHeldAfterOneAsync(tenant);
        await PatchAsync(tenant, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await tenant.Stage.Kube.Api<EncryptedStore>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, Store), null, CancellationToken.None);
        turnstile.Open();

        await Until.TrueAsync("writes are open there",
            async () => await WriteAsync(tenant, Tenant.SharedBucket, "acme/x.txt") is null);
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBe(["acme/x.txt"]);
        tenant.Cloud.HasBucket(bucket).ShouldBeTrue("the data stands in the store");
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task What_the_shared_place_can_t_take_stalls_with_its_sentence_and_goes_on_once_it_is_mended()
    {
        await using var tenant = await JoinAsync();
        var bucket = (await tenant.StoreAsync()).Status!.Location!.Bucket;
        using var admin = Admin(tenant);
        await DefaultAsync(admin, tenant.KeyArn);
        await ConfirmAsync(tenant, Consent);
        await LeaveAsync(tenant);
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "SharedPlaceUnderTenantKey");
        await DefaultAsync(admin, null);
        await tenant.PutAsync("acme/stray.txt", "somebody's");
        await LookAsync(tenant);
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "SharedPlaceNotEmpty");
        await PutAsync(tenant, bucket, "beside.txt", "not under the prefix");
        await tenant.Writer.DeleteObjectAsync(Tenant.SharedBucket, "acme/stray.txt");
        await LookAsync(tenant, "more");
        await tenant.UntilAsync(store => Tenant.ReasonOf(store) == "WrittenOutsidePrefix");
        (await tenant.StoreAsync()).Status!.Availability.ShouldBe("Open");
        await tenant.Writer.DeleteObjectAsync(bucket, "beside.txt");
        await LookAsync(tenant, "once more");
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(tenant, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
    }

    private static async Task<Tenant> JoinAsync()
    {
        var tenant = await Tenant.MoveInAsync();
        await JoinAsync(tenant);
        return tenant;
    }

    private static async Task JoinAsync(Tenant tenant)
    {
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.PutAsync("acme/b.txt", "bee");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
    }

    private static bool IsLeft(EncryptedStore store) =>
        Tenant.Is(store, "Ready", "True") && store.Spec.KeyRef is null
            && Conditions.Find(store.Status!.Conditions, "SourceFound") is not null;

    private static Task<EncryptedStore> UntilLeftAsync(Tenant tenant) =>
        tenant.UntilAsync(store => IsLeft(store) && store.Status!.ActiveKey is null);

    private static Task LeaveAsync(Tenant tenant) =>
        PatchAsync(tenant, new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = null } });

    /// <summary>The return has begun, and its copies are held up behind the first one.</summary>
    private static async Task<Turnstile> LeaveHeldAfterOneAsync(Tenant tenant)
    {
        var turnstile = new Turnstile();
        turnstile.Admit(1);
        tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await ConfirmAsync(tenant, Consent);
        await LeaveAsync(tenant);
        await Until.TrueAsync("one object was copied back",
            async () => (await tenant.ListAsync(Tenant.SharedBucket, "acme/"))!.Count == 1);
        return turnstile;
    }

    private static Task NameAsync(Tenant tenant) =>
        PatchAsync(tenant,
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = "key" } } });

    private static Task ConfirmAsync(Tenant tenant, string consent) =>
        AnnotateAsync(tenant, Labels.ConfirmReturn, consent);

    private static Task LookAsync(Tenant tenant, string when = "again") =>
        AnnotateAsync(tenant, Labels.ReconcileAt, when);

    private static Task AnnotateAsync(Tenant tenant, string name, string value) =>
        PatchAsync(tenant,
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } });

    private static async Task PatchAsync(Tenant tenant, JsonObject patch) =>
        await tenant.Stage.Kube.Api<EncryptedStore>()
            .PatchMergeAsync(new ObjectKey(Tenant.Namespace, Store), patch, CancellationToken.None);

    private static async Task DeleteKeyAsync(Tenant tenant)
    {
        var (keys, name) = (tenant.Stage.Kube.Api<TenantEncryptionKey>(), new ObjectKey(Tenant.Namespace, "key"));
        await keys.DeleteAsync(name, null, CancellationToken.None);
        await Until.TrueAsync("the key is let go",
            async () => await keys.TryGetAsync(name, CancellationToken.None) is null);
    }

    private static async Task<IReadOnlyDictionary<string, string>> BindingAsync(Tenant tenant) =>
        (await tenant.Stage.Kube.Api<ConfigMap>()
            .GetAsync(new ObjectKey(Tenant.Namespace, StoreNames.BindingOf(Store)), CancellationToken.None)).Data!;

    private static async Task ShouldHoldAsync(Tenant tenant, params (string Key, string Content)[] objects)
    {
        (await tenant.ListAsync(Tenant.SharedBucket, "acme/")).ShouldBe(objects.Select(one => one.Key));
        foreach (var (key, content) in objects)
        {
            (await tenant.ReadAsync(Tenant.SharedBucket, key)).ShouldBe(content);
        }
    }

    private static async Task PutAsync(Tenant tenant, string bucket, string key, string content) =>
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = content });

    private static async Task<string?> WriteAsync(Tenant tenant, string bucket, string key)
    {
        try
        {
            await PutAsync(tenant, bucket, key, "x");
            return null;
        }
        catch (AmazonS3Exception refused)
        {
            return refused.ErrorCode;
        }
    }

    private static IAmazonS3 Admin(Tenant tenant) =>
        tenant.Stage.S3(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret);

    /// <param name="admin">Of the platform.</param>
    /// <param name="key">Null for S3's own.</param>
    private static async Task DefaultAsync(IAmazonS3 admin, string? key) =>
        await admin.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = Tenant.SharedBucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules =
                [
                    new ServerSideEncryptionRule
                    {
                        ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                        {
                            ServerSideEncryptionAlgorithm = key is null ? ServerSideEncryptionMethod.AES256
                                : ServerSideEncryptionMethod.AWSKMS,
                            ServerSideEncryptionKeyManagementServiceKeyId = key,
                        },
                    },
                ],
            },
        });
}
