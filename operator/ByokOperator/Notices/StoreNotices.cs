using ByokOperator.Api;
using ByokOperator.Stores;

namespace ByokOperator.Notices;

/// <summary>What there is to tell of a store. Pure.</summary>
internal static class StoreNotices
{
    /// <summary>What stands now, each with the clock that it began at; telling it again is harmless.</summary>
    /// <param name="store">With the status that was shown so far: only that knows of a closing that is over.</param>
    public static IEnumerable<Notice> Of(EncryptedStore store, StoreWorld world, EncryptedStoreStatus next)
    {
        if (next is { Availability: StoreVerdict.Closed, ClosedSince: { } since } && ClosingLadder.IsShut(world))
        {
            yield return NoticeMaker.Make(
                store, NoticeTypes.StoreClosed, NoticeMaker.MarkOf(since), since, data => data with { Reason = next.ClosedReason, KeyName = store.Spec.KeyRef?.Name });
        }

        if (store.Status is { Availability: StoreVerdict.Closed, ClosedSince: { } closed } && next.Availability == StoreVerdict.Open)
        {
            yield return NoticeMaker.Make(
                store, NoticeTypes.StoreReopened, NoticeMaker.MarkOf(closed), world.Now, data => data with { KeyName = store.Spec.KeyRef?.Name });
        }

        if (world.Migration?.Served.ForDisplay() is { } served && world.Binding.ForDisplay()?.Receipt == served.Receipt)
        {
            yield return NoticeMaker.Make(
                store, NoticeTypes.StoreMigrated, served.Receipt, served.At,
                data => data with { KeyName = store.Spec.KeyRef?.Name, Objects = next.Migration?.ObjectsCopied, Bytes = next.Migration?.BytesCopied });
        }
    }
}
