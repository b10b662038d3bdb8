[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]

namespace Fuzz.Running;

/// <summary>
/// SDKs go on without a context, and the pool is where that is. Time must not pass for whoever is at work there: a
/// machine that is slow would make calls late that nobody held up. Tells when nobody is,
/// where no other test uses the pool.
/// </summary>
internal sealed class PoolQuiet
{
    /// <summary>What the pool's threads are never without, such as the one that this test runs on.</summary>
    private int always = int.MaxValue;

    /// <returns>False as soon as there is something to do instead; true also when it never became quiet.</returns>
    public bool Wait(TimeSpan lastResort, Func<bool> isCalled)
    {
        _ = SpinWait.SpinUntil(() => isCalled() || IsQuiet(), lastResort);
        return !isCalled();
    }

    private bool IsQuiet()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        var atWork = most - free;
        always = Math.Min(always, atWork);
        return ThreadPool.PendingWorkItemCount == 0
            && atWork <= Math.Max(always, Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
    }
}
