namespace Kube.Runtime.Controllers;

/// <summary>A reconcile failed with this, but has more to do than what failed:
/// its back-off must not grow past that.</summary>
public interface IRequeueWithin
{
    /// <summary>Look again no later than this; null: the back-off decides alone.</summary>
    TimeSpan? LookAgainWithin { get; }
}
