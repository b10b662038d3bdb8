using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>Why a store that has to be closed is not: while this stands, somebody may get in who must not.</summary>
/// <param name="Rung">The way in that still stands, or can't be seen to be shut.</param>
/// <param name="NeedsPerson">It will not pass by itself.</param>
internal sealed record HoldUp(string Rung, string Reason, string Message, bool NeedsPerson)
{
    /// <summary>At once where only a person can help; else after a time in which a closing is usually done.
    /// Null where nothing holds it up.</summary>
    public static HoldUp? Of(Plan<StoreWorld> plan, StoreWorld world, IReadOnlyList<RungReport> rungs)
    {
        if (plan.Name != StorePlan.Closing)
        {
            return null;
        }

        var ways = ClosingLadder.WaysIn
            .Select(way => rungs.FirstOrDefault(rung => rung.Type == way.Condition))
            .OfType<RungReport>()
            .Where(rung => rung.Kind is not RungKind.Holds)
            .ToList();
        var stuck = ways.Find(rung => rung.Kind is RungKind.Stuck);
        return (stuck ?? (StorePlan.IsHeldUp(world) ? ways.FirstOrDefault() : null)) is { } rung
            ? new HoldUp(rung.Type, rung.Reason, rung.Message, NeedsPerson: stuck is not null)
            : null;
    }
}
