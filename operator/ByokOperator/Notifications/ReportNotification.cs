using ByokOperator.Api;
using ByokOperator.Reports.Signing;

namespace ByokOperator.Notifications;

/// <summary>A report on its way to the sink, whole and signed:
/// who keeps these has a copy that nobody of the cluster can edit. Pure.</summary>
internal static class ReportNotification
{
    /// <param name="place">Which one it is, among all of the store.</param>
    public static Notification Of(EncryptedStore store, string place, DateTimeOffset writtenAt, SignedReport signed) =>
        NotificationMaker.Make(
            store, NotificationTypes.StoreReported, place, writtenAt,
            data =>
                data with
                {
                    KeyName = store.Spec.KeyRef?.Name,
                    Report = signed.Text,
                    ReportSignature = signed.Signature,
                });
}
