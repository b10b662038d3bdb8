using System.Runtime.CompilerServices;
using ByokOperator.Reconciling;

namespace ByokOperator.Cluster;

/// <summary>
/// One look. Whatever an observer learns it learns through this, and so it ends in a fact, seen or blind, whatever is
/// thrown and whatever never returns. Only the caller's own cancellation comes out as an exception.
/// </summary>
internal sealed class Glance(FactReader reader, CancellationToken caller, CancellationToken deadline)
{
    public async Task<Fact<T>> OfAsync<T>(Func<CancellationToken, Task<T>> look, [CallerMemberName] string what = "")
    {
        try
        {
            return Fact.Seen(await look(deadline).WaitAsync(deadline));
        }
        catch (Exception failure) when (!caller.IsCancellationRequested)
        {
            return Fact.Blind<T>(reader.Missed(failure, LookMetrics.OfFact, what));
        }
    }

    /// <summary>What is at hand and only has to be worked out.</summary>
    public Fact<T> Of<T>(Func<T> read, [CallerMemberName] string what = "")
    {
        try
        {
            return Fact.Seen(read());
        }
        catch (Exception failure)
        {
            return Fact.Blind<T>(reader.Missed(failure, LookMetrics.OfFact, what));
        }
    }
}
