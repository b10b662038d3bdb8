using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using LocalCloud;
using Quickstart;
using Shouldly;
using Xunit;
using static ByokOperator.Tests.Stories.HostileEditor;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// A tenant with <c>edit</c> in its own namespace names what is another tenant's. Each is refused before anything is
/// looked at, the victim's store stands as it stood, and its data is where it was.
/// </summary>
public sealed class HostileEditorStories
{
    [Fact]
    public async Task Another_tenants_prefix_as_shared_is_refused_and_its_data_stays_where_it_was()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, Tenant.Prefix);
        (await RefusedAsync(tenant))
            .ShouldBe(
                $"spec.shared.aws: this place is not given to this tenant: the platform would have to add {{bucket: "
                    + $"{Tenant.SharedBucket}, prefix: acme/}} to spec.shared.aws of Tenant {HostileEditor.Namespace}");
        await NothingWasMadeAsync(tenant);
        (await tenant.ListAsync(Tenant.SharedBucket, Tenant.Prefix)).ShouldBe(["acme/one"]);
    }

    [Fact]
    public async Task A_wish_for_another_tenants_prefix_that_came_first_keeps_nobody_out()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, Tenant.Prefix);
        await RefusedAsync(tenant);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var victim = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        (await tenant.ListAsync(victim, Tenant.Prefix)).ShouldBe(["acme/one"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_bucket_of_another_tenants_store_as_shared_is_refused_whatever_was_given(bool mayNameAnything)
    {
        await using var tenant = await SetAsync(mayNameAnything ? Stage.Anything(HostileEditor.Namespace) : ToEvil);
        await ApplyKeyAsync(tenant);
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var victim = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        await ApplyStoreAsync(tenant, victim, Tenant.Prefix);
        var told = await UntilStalledAsync(tenant, mayNameAnything ? "SpecInvalid" : "NotGranted");
        told.ShouldNotContain(Tenant.Namespace);
        told.ShouldNotContain("Tenant acme");
        Tenant.Is(await tenant.StoreAsync(), "Ready", "True").ShouldBeTrue();
        (await tenant.ListAsync(victim, Tenant.Prefix)).ShouldBe(["acme/one"]);
    }

    [Fact]
    public async Task A_bucket_with_an_owner_tag_of_ours_is_no_source_though_no_record_names_it()
    {
        await using var tenant = await SetAsync(Stage.Anything(HostileEditor.Namespace));
        tenant.Cloud.CreateBucket("tagged-place", Stage.Region, LocalCloudAccounts.Platform);
        using (var operating = tenant.Stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret))
        {
            await operating.PutBucketTaggingAsync(
                new PutBucketTaggingRequest
                {
                    BucketName = "tagged-place",
                    TagSet = [new Tag { Key = "byok.dev/owner", Value = Guid.NewGuid().ToString() }],
                }, TestContext.Current.CancellationToken);
        }

        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, "tagged-place", "any/");
        (await UntilStalledAsync(tenant, "SpecInvalid")).ShouldContain(StoreNeighbours.NotFreeMessage);
        await NothingWasMadeAsync(tenant);
    }

    [Fact]
    public async Task Another_tenants_key_is_never_asked()
    {
        var before = ToEvil with { Keys = new() { AwsAccounts = ["666666666666"] } };
        await using var tenant = await SetAsync(before);
        tenant.Cloud.ResetCalls();
        await ApplyKeyAsync(tenant, tenant.KeyArn);
        var key = await UntilKeyStalledAsync(tenant, "NotGranted");
        key.Status!.Verdict.ShouldBe("Unknown");
        tenant.Cloud.Count("kms", "GenerateDataKeyWithoutPlaintext").ShouldBe(0);
        tenant.Cloud.Count("kms", "DescribeKey").ShouldBe(0);
    }

    [Fact]
    public async Task Another_tenants_key_in_an_account_that_both_were_given_is_refused_by_the_key_itself()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant, tenant.KeyArn);
        var key = await UntilKeyAsync(tenant, one => one.Status?.Verdict == "Revoked");
        Conditions.Find(key.Status!.Conditions, "PolicyGranted")!.Message
            .ShouldContain("kms:EncryptionContext:byok.dev/tenant is \"tenant-evil\" here");
    }

    [Fact]
    public async Task A_bucket_name_without_an_entry_is_refused()
    {
        await using var tenant = await SetAsync(ToEvil);
        await ApplyKeyAsync(tenant);
        await ApplyStoreAsync(tenant, Tenant.SharedBucket, "evil/", own: "somebody-elses");
        (await RefusedAsync(tenant))
            .ShouldStartWith(
                "spec.aws.bucketName is not given to this tenant: the platform would have to add somebody-elses to "
                    + "spec.stores.bucketNames");
    }
}
