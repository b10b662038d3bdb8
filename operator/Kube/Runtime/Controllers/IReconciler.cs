using Kube.Core;

namespace Kube.Runtime.Controllers;

/// <summary>
/// Makes the world agree with one object. Called with a key and no reason: whatever woke it, it looks at everything
/// again. It is never called twice at once for the same key, is called again after every exception for as long as it
/// throws, and must be idempotent, because a crash may have lost the record of the last call.
/// </summary>
public interface IReconciler
{
    /// <param name="key">The object, which may be gone.</param>
    /// <param name="cancellation">Cancelled at the reconcile deadline, at the end of a graceful stop, and when
    /// leadership is lost.</param>
    Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation);
}

/// <summary>A reconcile failed with this, but has more to do than what failed:
/// its back-off must not grow past that.</summary>
public interface IRequeueWithin
{
    /// <summary>Look again no later than this; null: the back-off decides alone.</summary>
    TimeSpan? LookAgainWithin { get; }
}
