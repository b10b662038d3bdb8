using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using LocalCloud;
using LocalCloud.Admin;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>Whole lives of stores and keys under exactly the policies of examples/aws: nothing that is needed is
/// missing, and nothing in them is without a use.</summary>
public sealed class PublishedRightsStories(ITestOutputHelper output)
{
    /// <summary>What these stories have no use for, and why it stands in the policy all the same.</summary>
    private static readonly Dictionary<string, string> Unused = new()
    {
        ["s3:AbortMultipartUpload"] = "an object above 5 GiB whose copy was interrupted",
        ["s3:ListMultipartUploadParts"] = "the same",
        ["s3:GetObjectTagging"] = "a shared bucket that keeps no versions",
        ["s3:GetObjectLegalHold"] = "an object that a hold keeps, in a plan and in a receipt",
        ["s3:GetObjectRetention"] = "the same",
        ["s3:UpdateObjectEncryption"] = "objects are encrypted anew in place",
        ["s3:PutBucketTagging"] = "a store is taken back after the cluster was lost",
        ["kms:ListKeys"] = "an interrupted creation of a key, or one of a lost cluster",
        ["kms:ListResourceTags"] = "the same",
    };

    [Fact(Timeout = LastResort.Story)]
    public async Task Stores_and_keys_live_under_the_published_policies()
    {
        HashSet<string> used = [.. await OwnKeyAsync(), .. await ImportedKeyAsync()];
        var granted = Granted("operator-policy.json");
        output.WriteLine($"used: {string.Join(", ", used.Order())}");
        used.Where(action => !granted.Contains(action)).ShouldBeEmpty();
        granted.Where(action => !used.Contains(action)).Order().ShouldBe(Unused.Keys.Order());
    }

    /// <summary>The refusals that LocalCloud would give are the service's:
    /// each statement taken away is missed.</summary>
    [Theory]
    [InlineData("FindStores")]
    [InlineData("KeepStores")]
    [InlineData("FillStores")]
    [InlineData("FenceSharedBucket")]
    [InlineData("MoveOutOfSharedBucket")]
    [InlineData("UseKeysThatLetItIn")]
    public async Task A_statement_that_is_left_out_is_missed(string sid)
    {
        await using var tenant = await BeginAsync(without: sid);
        var held = await tenant.UntilAsync(store => !Tenant.Is(store, "Ready", "True") && Calls(tenant).Any(IsRefused));
        held.Status!.Availability.ShouldNotBe("Open");
    }

    /// <summary>Statements that only a return has a use for: nothing of it is begun, or nothing is copied,
    /// without them.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("AskHowSharedBucketEncrypts")]
    [InlineData("ReturnToSharedBucket")]
    public async Task A_store_comes_back_under_the_published_policy_and_not_without_its_statements(string? without)
    {
        await using var tenant = await BeginAsync(without);
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        await tenant.Stage.Kube.Api<EncryptedStore>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "store"),
            new JsonObject
            {
                ["metadata"] =
                    new JsonObject { ["annotations"] = new JsonObject { [Labels.ConfirmReturn] = "store/key" } },
                ["spec"] = new JsonObject { ["keyRef"] = null },
            },
            CancellationToken.None);
        if (without is null)
        {
            await tenant.UntilAsync(store => Tenant.Is(store, "Ready", "True") && store.Status!.ActiveKey is null);
            (await tenant.ReadAsync(Tenant.SharedBucket, "acme/a.txt")).ShouldBe("one");
            tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
            return;
        }

        var held = await tenant.UntilAsync(store => !Tenant.Is(store, "Ready", "True") && Calls(tenant).Any(IsRefused));
        held.Status!.Availability.ShouldBe("Open");
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
    }

    private static async Task<IReadOnlyList<string>> OwnKeyAsync()
    {
        await using var tenant = await BeginAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        tenant.Cloud.SetIdentityPolicy($"AKIA-{Tenant.Namespace}", Filled("data-policy.json")).ShouldBeTrue();
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        await tenant.Writer.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = "acme/b.txt", ContentBody = "two" });
        (await tenant.ListAsync(bucket, "acme/")).ShouldBe(["acme/a.txt", "acme/b.txt", "acme/tagged.txt"]);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull();
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilReadyAsync();
        await tenant.Writer.DeleteObjectAsync(bucket, "acme/b.txt");
        tenant.Cloud.AllowedTo($"AKIA-{Tenant.Namespace}")
            .Where(action => !Granted("data-policy.json").Contains(action)).ShouldBeEmpty();

        await DeleteStoreAsync(tenant);
        tenant.Cloud.HasBucket(bucket).ShouldBeFalse();
        return tenant.Cloud.AllowedTo(LocalCloudAccounts.OperatorAccessKey);
    }

    private static async Task<IReadOnlyList<string>> ImportedKeyAsync()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var tenant = await MoveInAsync();
        await tenant.UploadAsync(secret);
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.ApplyStoreAsync(change: spec =>
            spec with { Shared = null, DeletionPolicy = DeletionPolicies.Delete });
        await tenant.UntilReadyAsync();
        await tenant.ApplyImportedKeyAsync(KeyStates.Revoked, KeyRules.Confirmation);
        await tenant.UntilClosedAsync();
        await tenant.ApplyImportedKeyAsync(KeyStates.Active);
        await tenant.UntilReadyAsync();
        await DeleteStoreAsync(tenant);
        var key = (await tenant.KeyAsync()).Status!.Keys!.ShouldHaveSingleItem().Id;
        await tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, "key"), null, CancellationToken.None);
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; await FindKeyAsync(tenant) is not null;
            await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until).ShouldBeTrue("the key is still there");
        }

        tenant.Cloud.KeyState(key).ShouldBe("PendingDeletion");
        return tenant.Cloud.AllowedTo(LocalCloudAccounts.OperatorAccessKey);
    }

    private static Task<TenantEncryptionKey?> FindKeyAsync(Tenant tenant) =>
        tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .TryGetAsync(new ObjectKey(Tenant.Namespace, "key"), CancellationToken.None);

    /// <summary>A tenant whose data is on its way, versions and tags among it.</summary>
    private static async Task<Tenant> BeginAsync(string? without = null)
    {
        var tenant = await MoveInAsync(without);
        using (var admin =
            tenant.Stage.S3(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret))
        {
            await admin.PutBucketVersioningAsync(new PutBucketVersioningRequest
            {
                BucketName = Tenant.SharedBucket,
                VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
        }

        await tenant.PutAsync("acme/a.txt", "zero");
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.Writer.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Tenant.SharedBucket, Key = "acme/tagged.txt", ContentBody = "three",
            TagSet = [new Tag { Key = "kind", Value = "backup" }],
        });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { DeletionPolicy = DeletionPolicies.Delete });
        return tenant;
    }

    private static async Task<Tenant> MoveInAsync(string? without = null)
    {
        var tenant = await Tenant.MoveInAsync();
        tenant.Cloud.SetIdentityPolicy(LocalCloudAccounts.OperatorAccessKey, Filled("operator-policy.json", without))
            .ShouldBeTrue();
        return tenant;
    }

    private static async Task DeleteStoreAsync(Tenant tenant)
    {
        var stores = tenant.Stage.Kube.Api<EncryptedStore>();
        var name = new ObjectKey(Tenant.Namespace, "store");
        await stores.PatchMergeAsync(
            name,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Labels.ConfirmDelete] = "store" } },
            }, CancellationToken.None);
        await stores.DeleteAsync(name, null, CancellationToken.None);
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
            await stores.TryGetAsync(name, CancellationToken.None) is { } store; await Task.Delay(50))
        {
            (TimeProvider.System.GetUtcNow() < until)
                .ShouldBeTrue($"the store is still there: {Tenant.ReasonOf(store)}");
        }
    }

    private static bool IsRefused(CallRecord call) => call.ErrorCode is "AccessDenied" or "AccessDeniedException";

    private static IEnumerable<CallRecord> Calls(Tenant tenant) =>
        tenant.Cloud.Calls().Where(call => call.Principal == LocalCloudAccounts.OperatorRole);

    private static string Filled(string file, string? without = null)
    {
        var policy = Read(file);
        foreach (var left in policy["Statement"]!.AsArray()
            .Where(one => (string?)one!["Sid"] == without && without is not null).ToList())
        {
            policy["Statement"]!.AsArray().Remove(left);
        }

        return policy.ToJsonString().Replace("${partition}", "aws", StringComparison.Ordinal)
            .Replace("${account}", LocalCloudAccounts.Platform, StringComparison.Ordinal)
            .Replace("${shared_bucket}", Tenant.SharedBucket, StringComparison.Ordinal);
    }

    private static HashSet<string> Granted(string file) =>
        [.. Read(file)["Statement"]!.AsArray()
            .SelectMany(one =>
                one!["Action"] is JsonArray many ? many.Select(action => (string)action!) : [(string)one["Action"]!])];

    private static JsonNode Read(string file) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathTo("examples", "aws", file)))!;
}
