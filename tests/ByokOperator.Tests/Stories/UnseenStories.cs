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

/// <summary>A store that nobody can look at is borne for maxStaleness from the first look in vain, whoever runs meanwhile.</summary>
public sealed class UnseenStories
{
    [Fact]
    public async Task A_restart_grants_a_store_that_nobody_can_look_at_no_patience_anew()
    {
        await using var sink = await Sink.StartAsync();
        var secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(secretFile, Sink.Secret);
        await using var tenant = await Tenant.MoveInAsync(options => options with
        {
            NoticeSink = sink.Address, NoticeSecretFile = secretFile, SteadyRecheck = TimeSpan.FromSeconds(2),
        });
        await tenant.ApplyKeyAsync(maxStaleness: "20s");
        await tenant.ApplyStoreAsync(change: spec => spec with { Shared = null });
        await tenant.UntilReadyAsync();

        tenant.Cloud.AddFault(new FaultRule(new FaultEffect.Fail(503)) { Service = "s3", Operation = "GetBucketTagging" });
        var since = await ClockAsync(tenant);
        await tenant.Stage.StopOperatorAsync();
        tenant.Stage.RestartOperator();

        var closing = await tenant.UntilAsync(store => store.Status?.Availability is "Closing" or "Closed" && Tenant.Is(store, "BindingRemoved", "True"));
        closing.Status!.ClosedReason.ShouldBe("StoreUnseenTooLong");
        (await tenant.BindingStandsAsync()).ShouldBeFalse();
        (await ClockAsync(tenant)).ShouldBe(since, "written once");
        var told = DateTimeOffset.Parse((string)(await sink.HeardAsync("dev.byok.store.closing.v1"))["time"]!, System.Globalization.CultureInfo.InvariantCulture);
        (told - since).ShouldBe(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), "counted from the clock on record, not from the restart");
        File.Delete(secretFile);
    }

    /// <summary>Since when nobody could look, as the store's record says it.</summary>
    private static async Task<DateTimeOffset> ClockAsync(Tenant tenant)
    {
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Patience; TimeProvider.System.GetUtcNow() < until; await Task.Delay(50))
        {
            var maps = await tenant.Stage.Kube.Api<ConfigMap>().ListPageAsync(
                new Selection(Stage.SystemNamespace, $"{RecordCodec.Label}={StoreRecord.Kind}"), null, CancellationToken.None);
            if (maps.Items is [{ Data: { } data }] && JsonNode.Parse(data[RecordCodec.TextEntry])!["unseenSince"] is { } since)
            {
                return (DateTimeOffset)since;
            }
        }

        throw new TimeoutException("the record says nothing of it");
    }
}
