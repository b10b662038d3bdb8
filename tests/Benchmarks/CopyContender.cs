namespace Benchmarks;

/// <summary>Somebody who copies everything into a place that is empty,
/// and says how long that took and what it cost itself.</summary>
internal sealed record CopyContender(
    string Name, Func<string, CancellationToken, Task<(TimeSpan Wall, TimeSpan Cpu)>> Copy)
{
    /// <summary>One turn says enough.</summary>
    public bool IsSlow { get; init; }
}
