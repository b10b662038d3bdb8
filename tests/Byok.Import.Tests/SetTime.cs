namespace Byok.Import.Tests;

/// <summary>A clock that stands until a test moves it. Timers run on the real one.</summary>
internal sealed class SetTime : TimeProvider
{
    private DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.UtcTicks;

    public void Pass(TimeSpan span) => now += span;
}
