using System.Diagnostics;

namespace Benchmarks;

/// <summary>Contenders of a copy benchmark, turn by turn on the same server.</summary>
internal sealed class CopyRace(CloudProcess cloud)
{
    /// <summary>Everybody once, then everybody again: a slow minute of the machine must not fall on one alone. Gives the best turn of each.</summary>
    public async Task<List<CopyTurn>> RunAsync(IReadOnlyList<CopyContender> contenders, int rounds, CancellationToken cancellation)
    {
        var turns = new List<CopyTurn>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var (calls, cpu) = (await CallsAsync(cancellation), cloud.Cpu);
                var wall = await contender.Copy(cancellation);
                turns.Add(new CopyTurn(contender.Name, wall, await CallsAsync(cancellation) - calls, cloud.Cpu - cpu));
                await Console.Error.WriteLineAsync($"  {contender.Name}: {wall.TotalSeconds:0.00} s");
            }
        }

        return [.. contenders.Select(contender => turns.Where(turn => turn.Name == contender.Name).MinBy(turn => turn.Wall)!)];
    }

    /// <summary>A process from its start to its end, which has to be a success.</summary>
    public static async Task<TimeSpan> TimeAsync(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await using var child = Child.Start(file, arguments, environment);
        await child.SucceedAsync(cancellation);
        return clock.Elapsed;
    }

    private async Task<long> CallsAsync(CancellationToken cancellation) => (await cloud.CountsAsync(cancellation))
        .Where(one => !one.Key.StartsWith("kms-via-s3", StringComparison.Ordinal) && !one.Key.StartsWith("keyvault-via-storage", StringComparison.Ordinal))
        .Sum(one => one.Value);
}
