namespace LocalCloud.Azure;

/// <summary>When keys, roles or identities last changed for the worse: Storage's lag counts from there.</summary>
internal sealed class ChangeMark
{
    private long ticks;

    public DateTimeOffset Last => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Touch(DateTimeOffset time) => Interlocked.Exchange(ref ticks, time.UtcTicks);
}
