namespace Benchmarks;

/// <summary>Somebody who copies everything into a place of its own, and says how long it took.</summary>
internal sealed record CopyContender(string Name, Func<CancellationToken, Task<TimeSpan>> Copy);
