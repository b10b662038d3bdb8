using System.Text.Json.Nodes;
using Amazon.S3.Model;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>What once kept a store readable whose key was revoked: nonsense in records and marks, a place that is not
/// ours any more, somebody else's broken object, a namespace that goes.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class ClosingTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Nonsense_in_every_record_and_mark_keeps_no_store_open()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var space = await cluster.NamespaceAsync("nonsense");
        await using var replica = Start(cloud);
        var tenant = await OpenAsync(cloud, space.Name);
        (await SpoilRecordsAsync(tenant)).ShouldBeGreaterThan(0);
        await SpoilMarksAsync(cloud, tenant.Bucket);

        cloud.Admin.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.RevokeInWritingAsync();
        await tenant.UntilClosedAsync();
        Say($"records and marks hold nonsense, key disabled and state Revoked: {await ToldAsync(tenant)}");
    }

    [Fact]
    public async Task
        A_store_without_its_owner_tag_or_with_another_place_on_record_is_never_called_closed_while_it_is_readable()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var untagged = await cluster.NamespaceAsync("untagged");
        await using var misplaced = await cluster.NamespaceAsync("misplaced");
        await using var replica = Start(cloud);
        var (first, second) = (await OpenAsync(cloud, untagged.Name), await OpenAsync(cloud, misplaced.Name));
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        var tags = (await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = first.Bucket })).TagSet;
        await s3.DeleteBucketTaggingAsync(new DeleteBucketTaggingRequest { BucketName = first.Bucket });
        await MisplaceAsync(second);

        cloud.Admin.SetKeyState(first.KeyArn, "Disabled");
        cloud.Admin.SetKeyState(second.KeyArn, "Disabled");
        foreach (var tenant in (TenantScene[])[first, second])
        {
            await Until.HoldsAsync($"{tenant.Space} is shut, or it is told that it can't be", async () =>
            {
                var (before, status, after) =
                    (await tenant.IsListedAsync(), await tenant.StatusAsync(), await tenant.IsListedAsync());
                ((string?)status["availability"] == "Closed" && before && after)
                    .ShouldBeFalse("it is called closed, and a workload lists it");
                return !after || AwsScene.IsTrue(status, "Stalled") ? null : status.ToJsonString();
            });
            Say($"{tenant.Space}, key disabled: listed {await tenant.IsListedAsync()}, {await ToldAsync(tenant)}");
        }

        await s3.PutBucketTaggingAsync(new PutBucketTaggingRequest { BucketName = first.Bucket, TagSet = tags });
        await first.UntilClosedAsync();
    }

    [Fact]
    public async Task Anothers_key_with_a_time_that_can_not_be_read_holds_up_no_closing_before_and_after_a_restart()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var broken = await cluster.NamespaceAsync("broken");
        await using var before = await cluster.NamespaceAsync("before");
        await using var after = await cluster.NamespaceAsync("after");
        var replica = Start(cloud);
        try
        {
            var (first, second) = (await OpenAsync(cloud, before.Name), await OpenAsync(cloud, after.Name));
            await ApplyUnreadableAsync(broken.Name, "small-letters", "2027-01-01t00:00:00z");
            await ApplyUnreadableAsync(broken.Name, "no-time", "the first of May");

            await first.RevokeInWritingAsync();
            await first.UntilClosedAsync();
            Say($"with another tenant's unreadable keys: {await ToldAsync(first)}");

            await replica.KillAsync();
            await replica.DisposeAsync();
            await second.RevokeInWritingAsync();
            replica = Start(cloud);
            await second.UntilClosedAsync();
            Say($"and after a restart: {await ToldAsync(second)}");
        }
        finally
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_namespace_with_a_retained_store_in_it_goes_and_the_store_still_closes_when_its_key_is_revoked()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var space = await cluster.NamespaceAsync("going");
        await using var replica = Start(cloud);
        var tenant = await OpenAsync(cloud, space.Name);

        await cluster.Administrator.RunAsync("delete", "namespace", space.Name, "--wait=false");
        await Until.HoldsAsync("the namespace is gone", async () =>
            (await cluster.Administrator.FindAsync("namespace", space.Name))?["status"]?.ToJsonString());
        (await tenant.IsListedAsync()).ShouldBeTrue("it was retained, and its key is usable");

        cloud.Admin.SetKeyState(tenant.KeyArn, "Disabled");
        await Until.TrueAsync("nobody lists the bucket any more", async () => !await tenant.IsListedAsync());
        Say("the namespace is gone, the key was disabled after that: LIST is refused");
    }

    private async Task<TenantScene> OpenAsync(LocalCloudServer cloud, string space)
    {
        var tenant = new TenantScene(cluster, cloud, space);
        await tenant.ApplyAsync();
        await tenant.UntilOpenAsync();
        (await tenant.IsListedAsync()).ShouldBeTrue();
        return tenant;
    }

    private async Task<int> SpoilRecordsAsync(TenantScene tenant)
    {
        var records = await tenant.RecordsAsync();
        foreach (var record in records)
        {
            await EditAsync(record, _ => """{"keyId":"x"}""");
        }

        return records.Count;
    }

    /// <summary>Every record that names the bucket names another one from now on.</summary>
    private async Task MisplaceAsync(TenantScene tenant)
    {
        foreach (var record in await tenant.RecordsAsync())
        {
            await EditAsync(record,
                text => text.Replace(tenant.Bucket, "byok-of-somebody-else", StringComparison.Ordinal));
        }
    }

    private async Task EditAsync(JsonNode map, Func<string, string> edit)
    {
        var data = new JsonObject(map["data"]!.AsObject()
            .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)edit((string)entry.Value!))));
        await cluster.Administrator.RunAsync(
            "patch", "-n", OperatorManifests.Namespace, $"configmap/{map["metadata"]!["name"]}", "--type=merge", "-p",
            new JsonObject { ["data"] = data }.ToJsonString());
    }

    private static async Task SpoilMarksAsync(LocalCloudServer cloud, string bucket)
    {
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        foreach (var mark in (string[])["receipt", "served", "pin"])
        {
            await s3.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = $".byok/{mark}.json",
                    ContentBody = """{"keyId":"x"}""",
                });
        }
    }

    private async Task ApplyUnreadableAsync(string space, string name, string validTo) =>
        await cluster.Administrator.ApplyAsync($$"""
            apiVersion: byok.dev/v1alpha1
            kind: TenantEncryptionKey
            metadata: {name: {{name}}, namespace: {{space}}}
            spec:
              state: Active
              imported:
                aws: {regions: [{{AwsScene.Region}}], validTo: "{{validTo}}"}
                wrappedKeyFrom: {secretName: handed-over}
            """, "--validate=false");

    private static async Task<string> ToldAsync(TenantScene tenant)
    {
        var status = await tenant.StatusAsync();
        var ready = status["conditions"]?.AsArray().FirstOrDefault(one => (string?)one!["type"] == "Ready");
        return $"availability {status["availability"]}, {status["closedReason"]}, Ready {ready?["status"]} "
            + $"{ready?["reason"]}";
    }

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage(what);

    private ChildProcess Start(LocalCloudServer cloud) =>
        cluster.StartOperator(cloud, "none", "--lease-duration", "5s");
}
