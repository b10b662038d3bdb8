namespace Benchmarks;

internal sealed record CopyTurn(string Name, TimeSpan Wall, TimeSpan OwnCpu, long Calls, TimeSpan ServerCpu)
{
    public bool IsOurs => Name.StartsWith("copy worker", StringComparison.Ordinal);

    public bool IsRclone => Name.StartsWith("rclone", StringComparison.Ordinal);
}
