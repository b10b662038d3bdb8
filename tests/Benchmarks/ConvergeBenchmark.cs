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
        await RunAsync(small, withGrants: false, cancellation);
        await RunAsync(small, withGrants: true, cancellation);
    }

    private static async Task RunAsync(bool small, bool withGrants, CancellationToken cancellation)
    {
        var tenants = small ? 50 : RestBenchmark.Tenants;
        var (bare, bareTime) = await BareAsync(tenants, withGrants, cancellation);
        var (ours, oursTime) = await OursAsync(tenants, withGrants, cancellation);
        new Table($"Converge {tenants} keys and {tenants} stores from cold, {(withGrants ? "with" : "without")} grants for a data role", "figure", "operator", "bare loop", "ratio", "goal")
            .Row("seconds", Table.Number(oursTime.TotalSeconds), Table.Number(bareTime.TotalSeconds), Table.Number(oursTime / bareTime), Table.Judge(oursTime / bareTime, Goal, atLeast: false))
            .Row("Kubernetes writes", $"{ours.Writes}", $"{bare.Writes}", Table.Number((double)ours.Writes / bare.Writes), "")
            .Row("Kubernetes reads and watches", $"{ours.Reads}", $"{bare.Reads}", Table.Number((double)ours.Reads / bare.Reads), "")
            .Row("cloud calls", $"{ours.Cloud}", $"{bare.Cloud}", Table.Number((double)ours.Cloud / bare.Cloud), "")
            .Row("Events", $"{ours.Events}", $"{bare.Events}", "", "")
            .Print();
    }

    private static async Task<(Tally Made, TimeSpan Wall)> BareAsync(int tenants, bool withGrants, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(withGrants, cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        using var aws = fleet.Cloud.Connect();
        using var kms = fleet.Cloud.Kms();
        using var s3 = fleet.Cloud.S3();
        var (before, clock) = (await Tally.NowAsync(fleet, cancellation), Stopwatch.StartNew());
        await new BareLoop(fleet, aws, kms, s3).RunAsync(SideBySide, cancellation);
        var wall = clock.Elapsed;
        return (await Tally.NowAsync(fleet, cancellation) - before, wall);
    }

    private static async Task<(Tally Made, TimeSpan Wall)> OursAsync(int tenants, bool withGrants, CancellationToken cancellation)
    {
        await using var fleet = await Fleet.StartAsync(withGrants, cancellation);
        await fleet.PopulateAsync(tenants, "1h", cancellation);
        var (before, clock) = (await Tally.NowAsync(fleet, cancellation), Stopwatch.StartNew());
        await using var running = fleet.StartOperator();
        var looks = await fleet.UntilReadyAsync(tenants, running, cancellation);
        var wall = clock.Elapsed;
        var made = await Tally.NowAsync(fleet, cancellation) - before;
        return (made with { Reads = made.Reads - looks }, wall);
    }
}
