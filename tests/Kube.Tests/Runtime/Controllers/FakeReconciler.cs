using System.Collections.Concurrent;
using Kube.Core;
using Kube.Runtime.Controllers;

namespace Kube.Tests.Runtime.Controllers;

/// <summary>Counts calls and answers as told; fails the test's assertions when two calls for one key overlap.</summary>
internal sealed class FakeReconciler(Func<ObjectKey, int, CancellationToken, Task<Outcome>> answer) : IReconciler
{
    private readonly ConcurrentDictionary<ObjectKey, int> calls = [];
    private readonly ConcurrentDictionary<ObjectKey, int> inHand = [];
    private readonly ConcurrentQueue<ObjectKey> order = [];
    private int overlaps;

    public FakeReconciler(Outcome outcome)
        : this((_, _, _) => Task.FromResult(outcome))
    {
    }

    public int Overlaps => Volatile.Read(ref overlaps);

    public IReadOnlyList<ObjectKey> Order => [.. order];

    public int Calls(ObjectKey key) => calls.GetValueOrDefault(key);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancellation)
    {
        order.Enqueue(key);
        var count = calls.AddOrUpdate(key, 1, (_, before) => before + 1);
        if (inHand.AddOrUpdate(key, 1, (_, before) => before + 1) > 1)
        {
            Interlocked.Increment(ref overlaps);
        }

        try
        {
            return await answer(key, count, cancellation);
        }
        finally
        {
            inHand.AddOrUpdate(key, 0, (_, before) => before - 1);
        }
    }
}
