namespace LocalCloud.Faults;

/// <summary>A span of time that a test sets while requests read it.</summary>
internal sealed class TimeSwitch(TimeSpan initial = default)
{
    private long ticks = initial.Ticks;

    public TimeSpan Value
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref ticks));
        set => Interlocked.Exchange(ref ticks, value.Ticks);
    }
}
