namespace Simulation.Real.Bugs;

/// <summary>The clock of an executor that never looks whether a decision is old.</summary>
internal sealed class LyingTime(TimeProvider real, Seeding seeding) : TimeProvider
{
    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => seeding.DecidedAt ?? real.GetUtcNow();

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);
}
