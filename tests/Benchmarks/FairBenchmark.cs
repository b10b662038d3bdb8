using System.Diagnostics;
using ByokOperator.Api;
using Kube.Core;

namespace Benchmarks;

/// <summary>
/// One tenant has a thousand keys that are asked for as often as may be, more than the machine can do. Another has one
/// key and one store, and revokes: how long until it is closed, alone and beside the crowd.
/// </summary>
internal static class FairBenchmark
{
    private const int Crowd = 1000;
    private const int Rounds = 5;
    private const string Least = "1s";
    private static readonly TimeSpan probeInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants: 1, $"{probeInterval.TotalSeconds:0}s", cancellation);
        await using var running = fleet.StartOperator();
        await fleet.UntilReadyAsync(1, running, cancellation);
        var alone = await RoundsAsync(fleet, cancellation);

        var crowd = small ? Crowd / 10 : Crowd;
        await fleet.CrowdAsync("crowd", crowd, Least, cancellation);
        await UntilUsableAsync(fleet, "crowd", cancellation);
        var (began, cpu) = (Stopwatch.GetTimestamp(), running.Cpu);
        var beside = await RoundsAsync(fleet, cancellation);
        var busy = (running.Cpu - cpu) / (Stopwatch.GetElapsedTime(began) * Environment.ProcessorCount);

        var promised = probeInterval.TotalSeconds + 2;
        string[] columns = ["disabled to closed, seconds", "half", "all", "promised"];
        new Table($"One key of a tenant beside {crowd} of another's at {Least}, {Rounds} revocations each", columns)
            .Row(["alone", .. Cells(alone, promised)])
            .Row(
                [$"beside the crowd ({Table.Number(busy)} of the cores' time is the operator's)",
                    .. Cells(beside, promised)])
            .Print();
    }

    private static IEnumerable<string> Cells(List<double> ordered, double promised) =>
        [Table.Number(ordered[Rounds / 2]), Table.Number(ordered[^1]),
            Table.Judge(ordered[^1], promised, atLeast: false)];

    /// <summary>Seconds from the key's end to the store's, in order; the key is given back after each.</summary>
    private static async Task<List<double>> RoundsAsync(Fleet fleet, CancellationToken cancellation)
    {
        var key = await fleet.Kube.Api<TenantEncryptionKey>()
            .GetAsync(new ObjectKey(Fleet.SpaceOf(0), "key"), cancellation);
        var arn = key.Spec.AwsKms!.Keys[0].Arn;
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await fleet.Cloud.SetKeyStateAsync(arn, "Disabled", cancellation);
            await UntilAsync(fleet, "Closed", cancellation);
            took.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            await fleet.Cloud.SetKeyStateAsync(arn, "Enabled", cancellation);
            await UntilAsync(fleet, "Open", cancellation);
        }

        return [.. took.Order()];
    }

    private static async Task UntilAsync(Fleet fleet, string availability, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(look, cancellation))
        {
            var store = await fleet.Kube.Api<EncryptedStore>()
                .GetAsync(new ObjectKey(Fleet.SpaceOf(0), "store"), cancellation);
            if (store.Status?.Availability == availability)
            {
                return;
            }

            if (clock.Elapsed > timeout)
            {
                throw new TimeoutException(
                    $"the store is {store.Status?.Availability} and not {availability} after {timeout}");
            }
        }
    }

    /// <summary>Each was proved once.</summary>
    private static async Task UntilUsableAsync(Fleet fleet, string space, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromSeconds(2), cancellation))
        {
            var missing = 0;
            await foreach (var page in fleet.Kube.Api<TenantEncryptionKey>()
                .ListAsync(new Selection(space), cancellation))
            {
                missing += page.Items.Count(key => key.Status?.Verdict != "Usable");
            }

            if (missing == 0)
            {
                return;
            }

            if (clock.Elapsed > timeout)
            {
                throw new TimeoutException($"{missing} keys were not proved after {timeout}");
            }
        }
    }
}
