using System.Diagnostics;

namespace Byok.Copying.Tests;

/// <summary>A clock on which each write of a store takes a second and a second's wait a millisecond.</summary>
internal sealed class TestTime : TimeProvider
{
    private const int Hurry = 1000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long seconds;

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(Interlocked.Read(ref seconds));

    public override long GetTimestamp() => Stopwatch.GetTimestamp() * Hurry;

    public override long TimestampFrequency => Stopwatch.Frequency;

    public DateTimeOffset Tick() => Start.AddSeconds(Interlocked.Increment(ref seconds));

    public void Pass(TimeSpan time) => Interlocked.Add(ref seconds, (long)time.TotalSeconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Hurry : dueTime, period);
}
