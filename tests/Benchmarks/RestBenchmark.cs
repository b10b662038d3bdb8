using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>What a converged operator writes, burns and holds while nothing happens,
/// and how it comes back after a restart.</summary>
internal static class RestBenchmark
{
    private static readonly TimeSpan settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan span = TimeSpan.FromSeconds(30);

    /// <summary>What a burst of work leaves behind is collected once the operator has allocated next to nothing for ten
    /// seconds (<c>HeapTrim</c>): that is the end of the work, and told apart from what rest costs.</summary>
    private static readonly TimeSpan end = TimeSpan.FromSeconds(30);

    /// <summary>How many keys and how many stores; <c>BENCH_TENANTS</c> says otherwise.</summary>
    public static int Tenants =>
        int.Parse(Environment.GetEnvironmentVariable("BENCH_TENANTS") ?? "1000", CultureInfo.InvariantCulture);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var tenants = small ? 50 : Tenants;
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        await using (var first = fleet.StartOperator())
        {
            await fleet.UntilReadyAsync(tenants, first, cancellation);
            await MeasureAsync(fleet, first, $"At rest with {tenants} keys and {tenants} stores that were just made",
                cancellation);
        }

        var restarts = new Table($"Restart with {tenants} keys and {tenants} stores", "the one before",
            "process start to the first call to the cloud, s", "Kubernetes writes of the restart");
        await using (var second = fleet.StartOperator())
        {
            await RestartedAsync(fleet, "was killed: its lease has to run out", restarts, cancellation);
            await MeasureAsync(fleet, second, $"At rest after a restart with {tenants} keys and {tenants} stores",
                cancellation);
            await second.EndAsync(cancellation);
        }

        await using var third = fleet.StartOperator();
        await RestartedAsync(fleet, "ended in order and gave its lease back", restarts, cancellation);
        restarts.Print();
    }

    /// <summary>From the start of the process until it has called the cloud,
    /// and then until it has looked at everything once and calls no more.</summary>
    private static async Task RestartedAsync(Fleet fleet, string before, Table table, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var start = await Counts.NowAsync(fleet, cancellation);
        var calls = (await fleet.Cloud.CountsAsync(cancellation)).Values.Sum();
        while ((await fleet.Cloud.CountsAsync(cancellation)).Values.Sum() == calls)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }

        var first = clock.Elapsed;
        for (var (last, now) = (-1L, 0L); now != last;)
        {
            await Task.Delay(settling, cancellation);
            (last, now) = (now, (await Counts.NowAsync(fleet, cancellation)).Cloud);
        }

        var made = await Counts.NowAsync(fleet, cancellation) - start;
        table.Row(before, Table.Number(first.TotalSeconds), $"{made.Writes}");
    }

    private static async Task MeasureAsync(Fleet fleet, Child running, string title, CancellationToken cancellation)
    {
        var worked = running.Cpu;
        await Task.Delay(end, cancellation);
        worked = running.Cpu - worked;
        var (before, cpu, clock) = (await Counts.NowAsync(fleet, cancellation), running.Cpu, Stopwatch.StartNew());
        await Task.Delay(span, cancellation);
        var (made, burnt) =
            (await Counts.NowAsync(fleet, cancellation) - before, (running.Cpu - cpu) / clock.Elapsed * 100);
        new Table($"{title}, over {span.TotalSeconds:0} s", "figure", "value", "goal")
            .Row("Kubernetes writes", $"{made.Writes}", made.Writes == 0 ? "0: met" : "0: missed")
            .Row("lease renewals", $"{made.Leases}", "")
            .Row("Events", $"{made.Events}", "")
            .Row("Kubernetes reads and watches opened", $"{made.Reads}", "")
            .Row("cloud calls", $"{made.Cloud}", "")
            .Row($"CPU of the {end.TotalSeconds:0} s before, with the collection that ends the work, ms",
                Table.Number(worked.TotalMilliseconds), "")
            .Row("CPU, % of a core", Table.Number(burnt), Table.Judge(burnt, 0.3, atLeast: false))
            .Row("RSS, MiB", Table.Number(running.ResidentMiB), Table.Judge(running.ResidentMiB, 120, atLeast: false))
            .Print();
    }
}
