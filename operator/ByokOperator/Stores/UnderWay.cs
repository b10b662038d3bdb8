using System.Collections.Concurrent;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>
/// What is under way for each store, so that it can be cut short once the store has to be closed: closing must not wait
/// behind a look that hangs or an act that takes long. One piece of work for each store at a time.
/// </summary>
internal sealed class UnderWay(TimeProvider time)
{
    /// <summary>Most of what is under way is done by then.</summary>
    private static readonly TimeSpan grace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ObjectKey, CancellationTokenSource> works = new();

    public async Task<T> RunAsync<T>(
        ObjectKey store, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cut.Token, cancellation);
        works[store] = cut;
        try
        {
            return await work(either.Token).WaitAsync(either.Token);
        }
        finally
        {
            works.TryRemove(new KeyValuePair<ObjectKey, CancellationTokenSource>(store, cut));
        }
    }

    public void CutShort(ObjectKey store)
    {
        try
        {
            works.GetValueOrDefault(store)?.CancelAfter(grace);
        }
        catch (ObjectDisposedException)
        {
            return; // done in this very moment
        }
    }
}
