namespace Kube.Runtime.Hosting;

/// <summary>
/// Gives memory back once a burst of work is over. At rest next to nothing is allocated, so that for hours no
/// collection comes by itself, and what the burst needed stays the process's. For a process of one's own: a trim stops
/// every thread for as long as a full collection takes, a tenth of a second at 20,000 objects.
/// </summary>
public sealed class HeapTrim(TimeProvider time) : IRunnable
{
    /// <summary>Allocated since the last trim: less leaves too little behind to be worth one.</summary>
    internal const long Burst = 128 << 20;

    /// <summary>Allocated between two looks: leases, bookmarks and scrapes take less, work takes more.</summary>
    internal const long Rest = 4 << 20;

    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    private long last;
    private long trimmed;

    public string Name => "heap-trim";

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                if (IsDue(GC.GetTotalAllocatedBytes()))
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // the usual end
        }
    }

    /// <summary>Asked once an interval.</summary>
    /// <param name="allocated">Bytes that were ever allocated.</param>
    internal bool IsDue(long allocated)
    {
        var isDue = allocated - last <= Rest && allocated - trimmed >= Burst;
        (last, trimmed) = (allocated, isDue ? allocated : trimmed);
        return isDue;
    }
}
