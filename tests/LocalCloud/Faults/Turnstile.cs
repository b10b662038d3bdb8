using System.Threading.Channels;

namespace LocalCloud.Faults;

/// <summary>Lets through as many requests as it was told to; the others wait in front of it,
/// however fast or slow the machine is.</summary>
public sealed class Turnstile
{
    private readonly Channel<bool> passes = Channel.CreateUnbounded<bool>();
    private long passed;
    private long arrived;

    /// <summary>How many went through so far.</summary>
    public long Passed => Interlocked.Read(ref passed);

    /// <summary>How many came to it so far, those that wait included.</summary>
    public long Arrived => Interlocked.Read(ref arrived);

    /// <summary>So many more may pass.</summary>
    public void Admit(int count)
    {
        for (var at = 0; at < count; at++)
        {
            passes.Writer.TryWrite(true);
        }
    }

    /// <summary>From now on nobody waits.</summary>
    public void Open() => passes.Writer.TryComplete();

    /// <summary>A request whose client has gone waits no more and takes no pass.</summary>
    internal async Task PassAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref arrived);
        while (await passes.Reader.WaitToReadAsync(cancellation) && !passes.Reader.TryRead(out _))
        {
        }

        Interlocked.Increment(ref passed);
    }
}
