using System.Diagnostics;

namespace Benchmarks;

/// <summary>Contenders of a copy benchmark, turn by turn on the same server.</summary>
/// <param name="cloud">The server.</param>
/// <param name="places">Makes an empty bucket or container for a turn, and takes it away again.</param>
internal sealed class CopyRace(
    CloudProcess cloud,
    (Func<CancellationToken, Task<string>> Make, Func<string, CancellationToken, Task> Remove) places)
{
    /// <summary>Everybody once, then everybody again: a slow minute of the machine must not fall on one alone.
    /// Gives the best turn of each.</summary>
    public async Task<List<CopyTurn>> RunAsync(
        IReadOnlyList<CopyContender> contenders, int rounds, CancellationToken cancellation)
    {
        var turns = new List<CopyTurn>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.Where(one => round == 0 || !one.IsSlow))
            {
                var place = await places.Make(cancellation);
                var (calls, cpu) = (await CallsAsync(cancellation), cloud.Cpu);
                var (wall, own) = await contender.Copy(place, cancellation);
                turns.Add(
                    new CopyTurn(contender.Name, wall, own, await CallsAsync(cancellation) - calls, cloud.Cpu - cpu));
                await Console.Error.WriteLineAsync($"  {contender.Name}: {wall.TotalSeconds:0.00} s");
                await places.Remove(place, cancellation);
            }
        }

        return
        [
            .. contenders.Select(contender =>
                turns.Where(turn => turn.Name == contender.Name).MinBy(turn => turn.Wall)!),
        ];
    }

    /// <summary>A process from its start to its end, which has to be a success.</summary>
    public static async Task<(TimeSpan Wall, TimeSpan Cpu)> TimeAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellation)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Child.CpuOfEnded());
        await using var child = Child.Start(file, arguments, environment);
        await child.SucceedAsync(cancellation);
        return (clock.Elapsed, Child.CpuOfEnded() - cpu);
    }

    /// <summary>A loop in this process, already compiled after its first turn.</summary>
    public static async Task<(TimeSpan Wall, TimeSpan Cpu)> LoopAsync(
        IReadOnlyCollection<string> names, int atOnce, Func<string, CancellationToken, Task> copy,
        CancellationToken cancellation)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Parallel.ForEachAsync(names,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (name, stop) => await copy(name, stop));
        return (clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private async Task<long> CallsAsync(CancellationToken cancellation) => (await cloud.CountsAsync(cancellation))
        .Where(one =>
            !one.Key.StartsWith("kms-via-s3", StringComparison.Ordinal)
                && !one.Key.StartsWith("keyvault-via-storage", StringComparison.Ordinal))
        .Sum(one => one.Value);
}
