namespace Benchmarks;

internal sealed record CopyTurn(string Name, TimeSpan Wall, long Calls, TimeSpan ServerCpu);
