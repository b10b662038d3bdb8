using System.Diagnostics;

namespace Simulation.Real.Running;

/// <summary>
/// The thread of one run. Nothing that the thread pool orders may decide what happens next: a seed would tell another
/// story each time. Whatever the run begins carries its execution context along, and that tells the moment it goes on
/// elsewhere, whatever it does there; nothing that was seen to stray is forgotten,
/// however it was taken where it happened.
/// </summary>
internal sealed class OneThread
{
    /// <summary>A stray is queued to the thread pool, and that may be busy.</summary>
    private static readonly TimeSpan longestToStray = TimeSpan.FromSeconds(20);

    /// <summary>What strays mostly comes by a port soon, and is known by name there.</summary>
    private static readonly TimeSpan longestToBeNamed = TimeSpan.FromMilliseconds(200);

    private static readonly AsyncLocal<OneThread?> current = new(Moved);

    private readonly int thread = Environment.CurrentManagedThreadId;
    private volatile string? seen;
    private volatile string? named;

    private OneThread() => current.Value = this;

    /// <summary>The one of the run that is under way here.</summary>
    public static OneThread Current => current.Value ?? Begin();

    /// <summary>The thread that calls is a run's from now on, and all that it begins belongs to that run.</summary>
    public static OneThread Begin() => new();

    /// <summary>False on any other thread; and then the run is told of it.</summary>
    public bool IsHere()
    {
        if (thread == Environment.CurrentManagedThreadId)
        {
            return true;
        }

        named ??= new StackTrace(1, fNeedFileInfo: true).ToString();
        return false;
    }

    /// <summary>Throws where something strayed, on whatever thread.</summary>
    public void Demand()
    {
        if (!IsHere())
        {
            throw new StrayedException(named!);
        }

        if (seen is not null || named is not null)
        {
            SpinWait.SpinUntil(() => named is not null, longestToBeNamed);
            throw new StrayedException(named ?? seen!);
        }
    }

    /// <summary>The same where nothing of the run is there that could go on: what is waited for may have strayed,
    /// and be queued still.</summary>
    /// <param name="awaited">What is not done.</param>
    /// <returns>True once it is done all the same.</returns>
    public bool DemandNoneQueued(Task awaited)
    {
        SpinWait.SpinUntil(() => awaited.IsCompleted || seen is not null || named is not null, longestToStray);
        Demand();
        return awaited.IsCompleted;
    }

    private static void Moved(AsyncLocalValueChangedArgs<OneThread?> change)
    {
        if (change.CurrentValue is { } run && run.thread != Environment.CurrentManagedThreadId)
        {
            run.seen ??= new StackTrace(1, fNeedFileInfo: true).ToString();
        }
    }
}
