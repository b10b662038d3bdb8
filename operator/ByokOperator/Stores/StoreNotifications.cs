using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Notifications;

namespace ByokOperator.Stores;

/// <summary>What there is to tell of a store. Pure.</summary>
internal static class StoreNotifications
{
    /// <summary>What stands now, each with the clock that it began at; telling it again is harmless.</summary>
    /// <param name="store">Which.</param>
    /// <param name="heldUp">What keeps it from being closed; null where nothing does.</param>
    public static IEnumerable<Notification> Of(
        EncryptedStore store, StoreWorld world, EncryptedStoreStatus next, HoldUp? heldUp = null)
    {
        var key = store.Spec.KeyRef?.Name;
        if (StoreVerdict.MustClose(world) is { } decision)
        {
            var mark = NotificationMaker.MarkOf(decision.Since);
            yield return NotificationMaker.Make(store, NotificationTypes.StoreClosing, mark, decision.Since,
                data => data with { Reason = decision.Told, KeyName = decision.KeyName ?? key });
            if (heldUp is not null)
            {
                yield return NotificationMaker.Make(
                    store, NotificationTypes.StoreHeldUp, $"{mark} {heldUp.Rung} {heldUp.Reason}", world.Now,
                    data => data with { Reason = heldUp.Reason, KeyName = key });
            }
        }

        if (next is { Availability: StoreVerdict.Closed, ClosedSince: { } since })
        {
            yield return NotificationMaker.Make(
                store, NotificationTypes.StoreClosed, NotificationMaker.MarkOf(since), since,
                data => data with { Reason = next.ClosedReason, KeyName = key });
        }

        if (next.Availability == StoreVerdict.Paused && StoreVerdict.UnconfirmedOf(world) is { } waiting)
        {
            yield return NotificationMaker.Make(
                store, NotificationTypes.StorePaused, waiting.Version,
                NotificationMaker.SinceFalse(store.Status?.Conditions, VersionWatch.Condition, world.Now),
                data => data with { Reason = VersionWatch.NotConfirmed, KeyName = key, Version = waiting.Version });
        }

        if (world.Closure is { ReopenedAt: { } reopened } closure)
        {
            yield return NotificationMaker.Make(store, NotificationTypes.StoreReopened,
                NotificationMaker.MarkOf(closure.ClosedAt),
                reopened, data => data with { KeyName = key });
        }

        if (world.Migration?.Served.ForDisplay() is { } served && world.Binding.ForDisplay()?.Receipt == served.Receipt)
        {
            yield return NotificationMaker.Make(
                store, NotificationTypes.StoreMigrated, served.Receipt, served.At,
                data =>
                    data with
                    {
                        KeyName = key,
                        Objects = next.Migration?.ObjectsCopied,
                        Bytes = next.Migration?.BytesCopied,
                    });
        }
    }
}
