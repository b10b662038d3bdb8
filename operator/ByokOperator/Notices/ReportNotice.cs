using ByokOperator.Api;
using ByokOperator.Reports.Signing;

namespace ByokOperator.Notices;

/// <summary>A report on its way to the sink, whole and signed:
/// who keeps these has a copy that nobody of the cluster can edit. Pure.</summary>
internal static class ReportNotice
{
    /// <param name="place">Which one it is, among all of the store.</param>
    public static Notice Of(EncryptedStore store, string place, DateTimeOffset writtenAt, SignedReport signed) =>
        NoticeMaker.Make(
            store, NoticeTypes.StoreReported, place, writtenAt,
            data =>
                data with
                {
                    KeyName = store.Spec.KeyRef?.Name,
                    Report = signed.Text,
                    ReportSignature = signed.Signature,
                });
}
