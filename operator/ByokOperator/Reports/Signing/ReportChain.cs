using ByokOperator.Records;

namespace ByokOperator.Reports.Signing;

/// <summary>Which place the next report takes. Pure.</summary>
internal static class ReportChain
{
    /// <param name="record">What the operator's own record says; null where none stands that can be trusted.</param>
    /// <param name="standing">The report that stands beside the store, if one of this installation's keys signed it; it
    /// was read in a tenant's namespace, and may be an old one.</param>
    /// <param name="keyId">What the next one is signed with.</param>
    /// <param name="freshId">For a new chain.</param>
    public static ReportLink Next(ReportRecord? record, ReportLinkEnd? standing, string keyId, string freshId) =>
        record switch
        {
            null or { Sequence: 0 } =>
                Begin(freshId, standing is null ? ReportLinkBegin.First : ReportLinkBegin.RecordLost, standing),
            _ when standing is not null && standing.Id == record.Chain
                && standing.Sequence > record.Sequence => Begin(freshId, ReportLinkBegin.RecordRestored, standing),
            _
                when record.KeyId != keyId =>
                    Begin(freshId, ReportLinkBegin.KeyReplaced,
                        new ReportLinkEnd(record.Chain, record.Sequence, record.Digest, record.KeyId)),
            _ => new ReportLink(record.Chain, record.Sequence + 1) { Previous = record.Digest },
        };

    private static ReportLink Begin(string id, string reason, ReportLinkEnd? after) =>
        new(id, 1) { Begins = new ReportLinkBegin(reason) { After = after } };
}
