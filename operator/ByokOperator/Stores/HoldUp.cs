using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>Why a store that has to be closed is not: while this stands, somebody may get in who must not.</summary>
/// <param name="Rung">The way in that still stands, or can't be seen to be shut.</param>
internal sealed record HoldUp(string Rung, string Reason, string Message)
{
    private const string Late =
        "it was tried for longer than a closing takes, and is tried again all the time; until it is done somebody may "
            + "get in";

    /// <summary>
    /// What the rungs of a closing say to people. Each of its acts is done in moments: what still lacks after a minute
    /// won't pass by itself, whatever the cloud calls it and whether anybody can see it or not. Where one way in is a
    /// person's to shut already, that one speaks for all.
    /// </summary>
    public static IReadOnlyList<RungReport> Told(
        Plan<StoreWorld> plan, StoreWorld world, IReadOnlyList<RungReport> rungs) =>
        plan.Name == StorePlan.Closing && StorePlan.IsHeldUp(world) && !IsSeenShut(world) && !WaysIn(rungs).Any(IsStuck)
            ? [.. rungs.Select(rung => WaysIn([rung]).Any(IsInTheWay) ? Stalled(rung) : rung)]
            : rungs;

    /// <summary>At once where only a person can help; null where nothing holds it up.</summary>
    /// <param name="told">As <see cref="Told"/> gives them.</param>
    public static HoldUp? Of(Plan<StoreWorld> plan, IReadOnlyList<RungReport> told) =>
        plan.Name == StorePlan.Closing && WaysIn(told).FirstOrDefault(IsStuck) is { } rung
            ? new HoldUp(rung.Type, rung.Reason, rung.Message) : null;

    private static IEnumerable<RungReport> WaysIn(IReadOnlyList<RungReport> rungs) =>
        rungs.Where(rung => ClosingLadder.WaysIn.Any(way => way.Condition == rung.Type));

    private static bool IsStuck(RungReport rung) => rung.Kind is RungKind.Stuck;

    /// <summary>A denial that stands and has to settle is done, and its time is known.</summary>
    private static bool IsInTheWay(RungReport rung) =>
        rung.Kind is not RungKind.Holds && rung.Reason != ClosingLadder.DenialSettles;

    /// <summary>A look that is blind for what was seen shut takes nothing back.</summary>
    private static bool IsSeenShut(StoreWorld world) => world.WasShut && ClosingLadder.IsNothingOpen(world);

    private static RungReport Stalled(RungReport rung) =>
        rung with { Kind = RungKind.Stuck, Message = rung.Message.Length > 0 ? $"{rung.Message}; {Late}" : Late };
}
