using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>What a converged operator writes, burns and holds while nothing happens, and how it comes back after a restart.</summary>
internal static class RestBenchmark
{
    private static readonly TimeSpan settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan span = TimeSpan.FromSeconds(30);

    /// <summary>How many keys and how many stores; <c>BENCH_TENANTS</c> says otherwise.</summary>
    public static int Tenants => int.Parse(Environment.GetEnvironmentVariable("BENCH_TENANTS") ?? "1000", CultureInfo.InvariantCulture);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var tenants = small ? 50 : Tenants;
        await using var fleet = await Fleet.StartAsync(hasGrants: false, cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        await using (var first = fleet.StartOperator())
        {
            await fleet.UntilReadyAsync(tenants, first, cancellation);
            await MeasureAsync(fleet, first, $"At rest with {tenants} keys and {tenants} stores that were just made", cancellation);
        }

        var clock = Stopwatch.StartNew();
        var before = await Tally.NowAsync(fleet, cancellation);
        await using var second = fleet.StartOperator();
        while ((await Tally.NowAsync(fleet, cancellation) - before).Cloud == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }

        new Table($"Restart with {tenants} keys and {tenants} stores, the old lease not given back", "figure", "value")
            .Row("process start to the first call to the cloud, s", Table.Number(clock.Elapsed.TotalSeconds))
            .Print();
        await Task.Delay(span, cancellation);
        await MeasureAsync(fleet, second, $"At rest after a restart with {tenants} keys and {tenants} stores", cancellation);
    }

    private static async Task MeasureAsync(Fleet fleet, Child running, string title, CancellationToken cancellation)
    {
        await Task.Delay(settling, cancellation);
        var (before, cpu, clock) = (await Tally.NowAsync(fleet, cancellation), running.Cpu, Stopwatch.StartNew());
        await Task.Delay(span, cancellation);
        var (made, burnt) = (await Tally.NowAsync(fleet, cancellation) - before, (running.Cpu - cpu) / clock.Elapsed * 100);
        new Table($"{title}, over {span.TotalSeconds:0} s", "figure", "value", "goal")
            .Row("Kubernetes writes", $"{made.Writes}", made.Writes == 0 ? "0: met" : "0: missed")
            .Row("lease renewals", $"{made.Leases}", "")
            .Row("Events", $"{made.Events}", "")
            .Row("Kubernetes reads and watches opened", $"{made.Reads}", "")
            .Row("cloud calls", $"{made.Cloud}", "")
            .Row("CPU, % of a core", Table.Number(burnt), Table.Judge(burnt, 1, atLeast: false))
            .Row("RSS, MiB", Table.Number(running.ResidentMiB), Table.Judge(running.ResidentMiB, 200, atLeast: false))
            .Print();
    }
}
