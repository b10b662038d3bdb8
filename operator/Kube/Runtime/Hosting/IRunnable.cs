namespace Kube.Runtime.Hosting;

/// <summary>Something the <see cref="Manager"/> starts and stops.</summary>
public interface IRunnable
{
    string Name { get; }

    /// <summary>
    /// Runs until cancelled, then finishes what it has in hand and returns. Returning or throwing before that is a
    /// failure, and the manager stops the process.
    /// </summary>
    Task RunAsync(CancellationToken cancellation);

    /// <summary>What is still in hand must be dropped now: the bound on a graceful stop has passed,
    /// or leadership is lost.</summary>
    void Abort()
    {
    }
}

/// <summary>Something that can tell whether it still works.</summary>
public interface IHealth
{
    /// <summary>Null when well; else what is wrong, naming who, in one line.</summary>
    string? Problem { get; }
}
