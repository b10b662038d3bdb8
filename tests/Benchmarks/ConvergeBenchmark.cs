using System.Diagnostics;

namespace Benchmarks;

/// <summary>Tenants with nothing to copy, from cold to ready, beside the least that this could take.</summary>
internal static class ConvergeBenchmark
{
    private const double Goal = 2;

    /// <summary>The operator has 16 workers for keys and 16 for stores.</summary>
    private const int SideBySide = 32;

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var tenants = small ? 50 : RestBenchmark.Tenants;
        var (bare, bareCost) = await BareAsync(tenants, cancellation);
        var (ours, oursCost) = await OursAsync(tenants, cancellation);
        new Table($"Converge {tenants} keys and {tenants} stores from cold", "figure", "operator", "bare loop", "ratio",
            "goal")
            .Row("seconds", Seconds(oursCost.Wall), Seconds(bareCost.Wall), Ratio(oursCost.Wall, bareCost.Wall),
                Table.Judge(oursCost.Wall / bareCost.Wall, Goal, atLeast: false))
            .Row("its own CPU, s", Seconds(oursCost.Own), Seconds(bareCost.Own), Ratio(oursCost.Own, bareCost.Own), "")
            .Row("the servers' CPU, s", Seconds(oursCost.Servers), Seconds(bareCost.Servers),
                Ratio(oursCost.Servers, bareCost.Servers), "")
            .Row("Kubernetes writes", $"{ours.Writes}", $"{bare.Writes}",
                Table.Number((double)ours.Writes / bare.Writes), "")
            .Row("Kubernetes reads and watches", $"{ours.Reads}", $"{bare.Reads}",
                Table.Number((double)ours.Reads / bare.Reads), "")
            .Row("cloud calls", $"{ours.Cloud}", $"{bare.Cloud}", Table.Number((double)ours.Cloud / bare.Cloud), "")
            .Row("Events", $"{ours.Events}", $"{bare.Events}", "", "")
            .Print();
        var each = new Table("Requests for each key with its store", "request", "operator", "bare loop");
        foreach (var (request, count) in ours.All.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var least = bare.Cluster.GetValueOrDefault(request) + bare.Clouds.GetValueOrDefault(request);
            each.Row(request, Table.Number((double)count / tenants), Table.Number((double)least / tenants));
        }

        each.Print();
    }

    private static async Task<(Counts Made, Cost Cost)> BareAsync(int tenants, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        using var aws = fleet.Cloud.Connect();
        using var kms = fleet.Cloud.Kms();
        using var s3 = fleet.Cloud.S3();
        var (before, servers, own, clock) = (await Counts.NowAsync(fleet, cancellation), fleet.ServersCpu,
            Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await new BareLoop(fleet, aws, kms, s3).RunAsync(SideBySide, cancellation);
        var cost = new Cost(clock.Elapsed, Environment.CpuUsage.TotalTime - own, fleet.ServersCpu - servers);
        return (await Counts.NowAsync(fleet, cancellation) - before, cost);
    }

    private static async Task<(Counts Made, Cost Cost)> OursAsync(int tenants, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        var (before, servers, clock) =
            (await Counts.NowAsync(fleet, cancellation), fleet.ServersCpu, Stopwatch.StartNew());
        await using var running = fleet.StartOperator();
        var looks = await fleet.UntilReadyAsync(tenants, running, cancellation);
        var cost = new Cost(clock.Elapsed, running.Cpu, fleet.ServersCpu - servers);
        var made = await Counts.NowAsync(fleet, cancellation) - before;
        return (made.Without(looks), cost);
    }

    private static string Seconds(TimeSpan time) => Table.Number(time.TotalSeconds);

    private static string Ratio(TimeSpan ours, TimeSpan bare) => Table.Number(ours / bare);

    private sealed record Cost(TimeSpan Wall, TimeSpan Own, TimeSpan Servers);
}
