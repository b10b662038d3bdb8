using System.Security.Cryptography;
using System.Text;
using ByokOperator.Reports;
using ByokOperator.Reports.Signing;
using ByokOperator.Reports.Verifying;

namespace ByokOperator.Tests.Reports.Verifying;

/// <summary>A folder of reports as an operator would have written them, to be spoilt.</summary>
internal sealed class Keeper : IDisposable
{
    public const string Chain = "0123456789abcdef";

    private readonly ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Dictionary<string, byte[]> Files { get; } = [];

    public ReportKey Key => ReportKey.Of(pair);

    /// <summary>Reports 1 to <paramref name="count"/> of one chain.</summary>
    public Keeper Keep(int count)
    {
        var previous = (string?)null;
        for (var sequence = 1; sequence <= count; sequence++)
        {
            previous = Keep(
                new ReportLink(Chain, sequence) { Previous = previous, Begins = sequence == 1
                    ? new ReportLinkBegin(ReportLinkBegin.First) : null });
        }

        return this;
    }

    /// <returns>Its digest.</returns>
    public string Keep(ReportLink link, string? under = null, Func<EncryptionReport, EncryptionReport>? change = null)
    {
        var report = ReportBuilder.Build(
            ReportInputs.Fine with { Link = link, Now = ReportInputs.Noon.AddHours(link.Sequence) });
        return Keep(ReportBuilder.Write(change?.Invoke(report) ?? report), under ?? NameOf(link));
    }

    public string Keep(byte[] text, string name)
    {
        Files[name + KeptReport.TextEnding] = text;
        Files[name + KeptReport.SignatureEnding] = Encoding.ASCII.GetBytes(ReportSignature.Sign(pair, Key.Id, text));
        return ReportSignature.DigestOf(text);
    }

    public static string NameOf(ReportLink link) =>
        FormattableString.Invariant($"acme.backups.{link.Id}.{link.Sequence:D8}");

    public static string NameOf(int sequence) => NameOf(new ReportLink(Chain, sequence));

    public ReportVerification Verify(params ReportKey[] keys) => ReportFolder.Verify(Files, keys is [] ? [Key] : keys);

    public void Dispose() => pair.Dispose();
}
