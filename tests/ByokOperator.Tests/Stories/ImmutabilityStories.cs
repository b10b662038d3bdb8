using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using LocalCloud;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>On a server that does not know CEL nothing stops an edit of what may not change;
/// the embedded one is such a server.</summary>
public sealed class ImmutabilityStories
{
    private const string Store = "store";
    private const string Key = "key";

    public static TheoryData<string, string> StoreEdits => new()
    {
        { """{"shared":{"aws":{"prefix":"other/"}}}""", "spec.shared can't be changed" },
        { """{"shared":null}""", "spec.shared can't be changed" },
        { """{"aws":{"bucketName":"another-bucket"}}""", "spec.aws.bucketName can't be changed" },
        { """{"aws":{"region":"eu-central-1"}}""", "spec.aws.region can't be changed" },
    };

    [Theory]
    [MemberData(nameof(StoreEdits))]
    public async Task An_edit_of_where_a_store_stands_is_refused_and_closing_still_finds_it(string edit, string message)
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await SecondKeyAsync(tenant);
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;
        var changes = Changes(tenant);

        await EditAsync(tenant, edit);

        var stalled = await tenant.UntilAsync(store => Tenant.Is(store, "Stalled", "True"));
        Tenant.ReasonOf(stalled).ShouldBe("SpecInvalid");
        Conditions.Find(stalled.Status!.Conditions, "Stalled")!.Message.ShouldContain(message);
        stalled.Status.Availability.ShouldBe("Open");
        stalled.Status.Location!.Bucket.ShouldBe(bucket);
        (await tenant.ReadAsync(bucket, "acme/a.txt")).ShouldBe("one");
        Changes(tenant).ShouldBe(changes, "nothing may be touched in the cloud");

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
    }

    [Fact]
    public async Task Another_arn_in_a_key_is_neither_asked_nor_used_and_the_first_one_still_closes()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        await tenant.UntilReadyAsync();
        var other = tenant.Cloud.CreateKey(LocalCloudAccounts.Tenant, Quickstart.Stage.Region);

        await tenant.ApplyKeyAsync(arn: other);

        var key = await UntilKeyStallsAsync(tenant);
        Conditions.Find(key.Status!.Conditions, "Stalled")!.Message.ShouldContain("another ARN is another key");
        key.Status.Keys.ShouldHaveSingleItem().Id.ShouldBe(tenant.KeyArn);
        (await tenant.UntilReadyAsync()).Status!.ActiveKey.ShouldBe(tenant.KeyArn);

        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        (await tenant.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("KeyDisabled");
    }

    [Fact]
    public async Task A_key_that_a_store_was_put_under_is_held_though_the_store_names_another_one()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await SecondKeyAsync(tenant);
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        await tenant.UntilReadyAsync();
        await EditAsync(tenant, """{"keyRef":{"name":"second"}}""");
        // writes may name either key for a while
        await tenant.UntilAsync(store => store.Status is { PinnedKeys: [_, _] });

        await tenant.Stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(Tenant.Namespace, Key), null, CancellationToken.None);

        Conditions.Find((await UntilKeyStallsAsync(tenant)).Status!.Conditions, "Stalled")!.Reason.ShouldBe("KeyInUse");
    }

    [Fact]
    public async Task A_newcomer_does_not_get_the_prefix_that_an_older_store_was_put_on_and_edited_away()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        await tenant.UntilReadyAsync();
        await EditAsync(tenant, """{"shared":{"aws":{"prefix":"other/"}}}""");
        await tenant.UntilAsync(store => Tenant.Is(store, "Stalled", "True"));

        await tenant.ApplyStoreAsync("zz-newcomer");

        var newcomer = await tenant.UntilAsync(store => Tenant.Is(store, "Stalled", "True"), "zz-newcomer");
        Conditions.Find(newcomer.Status!.Conditions, "Stalled")!.Message.ShouldContain("already takes this prefix");
    }

    private static Task SecondKeyAsync(Tenant tenant)
    {
        var second = tenant.Cloud.CreateKey(LocalCloudAccounts.Tenant, Quickstart.Stage.Region);
        tenant.Cloud.SetKeyPolicy(second, tenant.Stage.KeyPolicy(second, Tenant.Namespace));
        return tenant.ApplyKeyAsync("second", second);
    }

    private static Task<EncryptedStore> EditAsync(Tenant tenant, string spec) =>
        tenant.Stage.Kube.Api<EncryptedStore>()
            .PatchMergeAsync(new ObjectKey(Tenant.Namespace, Store), new JsonObject { ["spec"] = JsonNode.Parse(spec) },
                CancellationToken.None);

    private static long Changes(Tenant tenant) =>
        ((string[])["CreateBucket", "PutBucketPolicy", "PutBucketEncryption", "PutBucketTagging", "PutBucketVersioning",
            "DeleteObjects", "DeleteBucket"])
            .Sum(operation => tenant.Cloud.Count("s3", operation))
        + ((string[])["CreateGrant", "RevokeGrant"]).Sum(operation => tenant.Cloud.Count("kms", operation));

    private static async Task<TenantEncryptionKey> UntilKeyStallsAsync(Tenant tenant)
    {
        for (var look = 0; look < 1_200; look++)
        {
            if (await tenant.KeyAsync() is { Status.Conditions: { } conditions } key
                && Conditions.Find(conditions, "Stalled") is not null)
            {
                return key;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("the key never stalled");
    }
}
