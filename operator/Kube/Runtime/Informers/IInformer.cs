using Kube.Runtime.Hosting;

namespace Kube.Runtime.Informers;

/// <summary>What the manager needs to know of a store, whatever its kind.</summary>
public interface IInformer : IRunnable
{
    /// <summary>The first list is complete. Stays true afterwards.</summary>
    bool HasSynced { get; }

    /// <summary>How long ago the server last said anything.</summary>
    TimeSpan Silence { get; }

    Task WaitForSyncAsync(CancellationToken cancellation);
}
