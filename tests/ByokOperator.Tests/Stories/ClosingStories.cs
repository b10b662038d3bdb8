using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Tests.Runtime.Hosting;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>What once left a store readable though its key was revoked, with the whole operator running.</summary>
public sealed class ClosingStories
{
    [Theory]
    [InlineData(".byok/receipt.json")]
    [InlineData(".byok/served.json")]
    [InlineData(".byok/pin.json")]
    public async Task Nonsense_in_a_mark_keeps_no_store_open(string mark)
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.PutAsync("acme/a.txt", "one");
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync();
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        tenant.Cloud.PutSparse(bucket, mark, size: 200, seed: 1);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await RevokeAsync(tenant);

        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        tenant.Cloud.GrantCount(tenant.KeyArn).ShouldBe(0);
    }

    [Fact]
    public async Task A_record_that_can_not_be_read_keeps_no_store_open()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await SpoilRecordsAsync(tenant);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");
        await RevokeAsync(tenant);

        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
    }

    [Fact]
    public async Task
        A_restart_beside_an_unreadable_record_and_a_silent_service_is_borne_until_max_staleness_and_no_longer()
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync(maxStaleness: "10s");
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await tenant.Stage.StopOperatorAsync();
        tenant.Cloud.KmsUnreachable = true;
        await SpoilRecordsAsync(tenant);
        var restarted = TimeProvider.System.GetTimestamp();
        tenant.Stage.RestartOperator();

        var closing = await tenant.UntilAsync(store => store.Status?.Availability is "Closing" or "Closed"
            && Tenant.Is(store, "BindingRemoved", "True") && Tenant.Is(store, "TargetDenied", "True"));
        var took = TimeProvider.System.GetElapsedTime(restarted);
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
        (await tenant.BindingStandsAsync()).ShouldBeFalse();
        took.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(9), "not to know is borne for a while");
        Say(
            $"record unreadable, KMS unreachable, operator restarted, maxStaleness 10s: "
                + $"availability={closing.Status!.Availability} reason={closing.Status.ClosedReason}"
                + $" TargetDenied=True LIST=AccessDenied {took.TotalSeconds:0.0} s after the restart");
    }

    [Theory]
    [InlineData("tag lost")]
    [InlineData("forbidden")]
    public async Task A_store_that_can_not_be_told_to_be_ours_any_more_is_closed_for_our_own_record_names_it(
        string what)
    {
        await using var tenant = await Tenant.MoveInAsync();
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await MakeUnrecognisableAsync(tenant, bucket, what);
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");

        var closed = await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("what is said to be closed is");
        Say($"{what}: availability={closed.Status!.Availability} TargetDenied=True LIST=AccessDenied");
    }

    [Fact]
    public async Task A_place_on_record_that_bears_the_tag_of_another_is_stalled_and_never_said_to_be_closed()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(secretFile, Sink.Secret);
        await using var metrics = await Scrape.StartAsync(OperatorMeter.Name);
        await using var tenant = await Tenant.MoveInAsync(options =>
            options with { NotificationSink = sink.Address, NotificationSecretFile = secretFile });
        await tenant.ApplyKeyAsync();
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        var bucket = (await tenant.UntilReadyAsync()).Status!.Location!.Bucket;

        await tenant.TagAsync(bucket, "byok.dev/owner", "somebody-else");
        tenant.Cloud.SetKeyState(tenant.KeyArn, "Disabled");

        var stalled = await tenant.UntilAsync(store =>
            store.Status?.Availability is "Closed"
                || (store.Status?.Availability is "Closing" && Tenant.Is(store, "Stalled", "True")));
        stalled.Status!.Availability.ShouldBe("Closing");
        (await tenant.ListAsync(bucket, "")).ShouldNotBeNull("nothing could be denied: that is what has to be told");
        Conditions.Find(stalled.Status.Conditions, "Stalled")!.Reason.ShouldBe("TargetNotOurs");
        ((string?)(await sink.HeardAsync("dev.byok.store.heldup.v1"))["data"]!["reason"]).ShouldBe("TargetNotOurs");
        (await metrics.TextAsync()).ShouldContain("byok_closings_held_up{reason=\"TargetNotOurs\"}");
        await WarnedAsync(tenant, "TargetNotOurs");
        Say("another's tag: availability=Closing Stalled=TargetNotOurs Event=Warning notice=dev.byok.store.heldup.v1"
            + " metric=byok_closings_held_up LIST=answers");
        File.Delete(secretFile);

        await tenant.TagAsync(bucket, "byok.dev/owner", stalled.Metadata.Uid!);
        await tenant.UntilClosedAsync();
        (await tenant.ListAsync(bucket, "")).ShouldBeNull("LIST must be refused");
    }

    private static async Task MakeUnrecognisableAsync(Tenant tenant, string bucket, string what)
    {
        if (what == "forbidden")
        {
            tenant.Cloud.AddFault(
                new FaultRule(new FaultEffect.Deny()) { Service = "s3", Operation = "GetBucketTagging" });
            return;
        }

        await tenant.TagAsync(bucket, "team", "storage");
    }

    private static async Task RevokeAsync(Tenant tenant) =>
        await tenant.Stage.Kube.Api<TenantEncryptionKey>().PatchMergeAsync(
            new ObjectKey(Tenant.Namespace, "key"),
            new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["state"] = "Revoked",
                    ["revocation"] = new JsonObject { ["confirm"] = "revoke" },
                },
            },
            CancellationToken.None);

    /// <summary>What the operator keeps of keys says nonsense.</summary>
    private static async Task SpoilRecordsAsync(Tenant tenant)
    {
        var maps = tenant.Stage.Kube.Api<ConfigMap>();
        await foreach (var page
            in maps.ListAsync(new Selection(Quickstart.Stage.SystemNamespace, RecordCodec.Label),
                CancellationToken.None))
        {
            foreach (var map
                in page.Items.Where(map =>
                    map.Metadata.Name.StartsWith(KeyRecord.Kind + ".", StringComparison.Ordinal)))
            {
                await maps.PatchMergeAsync(
                    map.Metadata.Key,
                    new JsonObject { ["data"] = new JsonObject { [RecordCodec.TextEntry] = """{"keyId":"x"}""" } },
                    CancellationToken.None);
            }
        }
    }

    private static async Task WarnedAsync(Tenant tenant, string reason)
    {
        for (var look = 0; look < 600; look++)
        {
            var events = await tenant.Stage.Kube.Api<KubeEvent>()
                .ListPageAsync(new Selection(Tenant.Namespace), null, CancellationToken.None);
            if (events.Items.Any(one => one.Reason == reason && one.Type == "Warning"))
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"no warning says {reason}");
    }

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage(what);
}
