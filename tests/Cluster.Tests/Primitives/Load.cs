namespace Cluster.Tests.Primitives;

/// <summary>What else the machine had to do: printed beside every figure of time,
/// for a figure without it can't be judged.</summary>
public static class Load
{
    /// <summary>The averages of one, five and fifteen minutes.</summary>
    public static string Now =>
        $"load {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))} on "
            + $"{Environment.ProcessorCount} cores";
}
