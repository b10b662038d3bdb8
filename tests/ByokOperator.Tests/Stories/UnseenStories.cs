using System.Text.Json.Nodes;
using ByokOperator.Records;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud.Faults;
using Quickstart;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>A store that nobody can look at is borne for maxStaleness from the first look in vain.</summary>
public sealed class UnseenStories
{
    [Fact]
    public async Task A_restart_starts_no_clock_anew_for_a_store_that_nobody_can_look_at()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(secretFile, Sink.Secret);
        await using var tenant = await Tenant.MoveInAsync(options => options with
        {
            NotificationSink = sink.Address, NotificationSecretFile = secretFile,
            SteadyRecheck = TimeSpan.FromSeconds(2),
        });
        await tenant.ApplyKeyAsync(maxStaleness: "20s");
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        await tenant.UntilReadyAsync();

        tenant.Cloud.AddFault(
            new FaultRule(new FaultEffect.Fail(503)) { Service = "s3", Operation = "GetBucketTagging" });
        var since = await ClockAsync(tenant);
        await tenant.Stage.StopOperatorAsync();
        tenant.Stage.RestartOperator();

        var closing = await tenant.UntilAsync(
            store => store.Status?.Availability is "Closing" or "Closed" && Tenant.Is(store, "BindingRemoved", "True"));
        closing.Status!.ClosedReason.ShouldBe("StoreUnseenTooLong");
        (await tenant.BindingStandsAsync()).ShouldBeFalse();
        (await ClockAsync(tenant)).ShouldBe(since, "written once");
        var told = (DateTimeOffset)(await sink.HeardAsync("dev.byok.store.closing.v1"))["time"]!;
        (told - since).ShouldBe(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), "counted from the clock on record");
        File.Delete(secretFile);
    }

    /// <summary>Since when nobody could look, as the store's record says it.</summary>
    private static async Task<DateTimeOffset> ClockAsync(Tenant tenant)
    {
        var time = TimeProvider.System;
        for (var until = time.GetUtcNow() + LastResort.Timeout; time.GetUtcNow() < until; await Task.Delay(50))
        {
            var records = new Selection(Stage.SystemNamespace, $"{RecordCodec.Label}={StoreRecord.Kind}");
            var maps = await tenant.Stage.Kube.Api<ConfigMap>().ListPageAsync(records, null, CancellationToken.None);
            var text = maps.Items is [{ Data: { } data }] ? data[RecordCodec.TextEntry] : "{}";
            if (JsonNode.Parse(text)!["unseenSince"] is { } since)
            {
                return (DateTimeOffset)since;
            }
        }

        throw new TimeoutException("the record says nothing of it");
    }
}
