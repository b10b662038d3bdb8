using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;

namespace ByokOperator.Returning;

/// <summary>From a count of the store to a plan of the way back. Pure.</summary>
internal static class ReturnPlanner
{
    public static MovePlan Of(EncryptedStore store, PlanFacts facts, ReturnWorld back) =>
        MovePlanner.Of(store, facts, KmsOf(store, facts, back), Obstacles(facts, back));

    /// <summary>The store's own key for whatever is read; the shared place's, where its default is one, for whatever is
    /// written.</summary>
    private static (long DataKeys, long Decrypts) KmsOf(EncryptedStore store, PlanFacts facts, ReturnWorld back)
    {
        var counts = facts.Counts;
        var isRead = store.Spec.Migration.Verification != "Metadata";
        var reading = store.Spec.Aws?.BucketKey == "On" ? 0
            : counts.WholeCopies + counts.Parts + (isRead ? counts.Read : 0);
        var (dataKeys, decrypts) = back.Place.ForDisplay()?.Default is { KeyId: not null, BucketKey: false }
            ? MovePlanner.WritingUnderAKey(counts) : (0, 0);
        return (dataKeys, reading + decrypts);
    }

    /// <summary>Of the shared place, of the store as what is moved from, and of what lies beside the prefix.</summary>
    private static IEnumerable<PlanObstacle> Obstacles(PlanFacts facts, ReturnWorld back) =>
    [
        .. (back.Place.ForDisplay()?.Faults(back.WayOut) ?? []).Concat(facts.Beside is { } beside ? [beside] : [])
            .Select(fault => new PlanObstacle { Reason = fault.Reason, Count = 1, Message = fault.Message }),
        .. MovePlanner.OfPlace(back.Source),
    ];
}
