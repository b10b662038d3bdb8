using System.Text;
using ByokOperator.Reports.Signing;

namespace ByokOperator.Reports.Verifying;

/// <summary>Reports that somebody kept, with their signatures: what is edited, missing or of somebody else. Pure; what
/// comes after the last one it can't know.</summary>
internal static class ReportFolder
{
    /// <param name="files">By name; those of other endings are passed over.</param>
    /// <param name="keys">Public halves that are believed.</param>
    public static ReportVerification Verify(IReadOnlyDictionary<string, byte[]> files, IEnumerable<ReportKey> keys)
    {
        var believed = keys.DistinctBy(key => key.Id).ToDictionary(key => key.Id);
        var names = files.Keys.Select(NameOf).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var judged = names.Select(name =>
            KeptReport.Judge(name, files.GetValueOrDefault(name + KeptReport.TextEnding), SignatureIn(files, name),
                believed)).ToList();
        var reports = judged.Select(one => one.Report).OfType<KeptReport>().ToList();
        List<ReportFinding> findings = [.. judged.Select(one => one.Finding).OfType<ReportFinding>()];
        if (names.Count == 0)
        {
            findings.Add(
                new ReportFinding(FindingKind.MissingFile,
                    "the folder holds no report: NAME.json with NAME.jws beside it"));
        }

        var stores = reports.GroupBy(report => (report.Place.Namespace, report.Place.Name, report.Place.Uid))
            .OrderBy(store => store.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(store => store.Key.Name, StringComparer.Ordinal).ToList();
        findings.AddRange(stores.SelectMany(store => ReportSequence.Judge([.. store])));
        return new ReportVerification(findings, [.. stores.SelectMany(store => ReportSequence.Tell([.. store]))]);
    }

    private static string? NameOf(string file) =>
        file.EndsWith(KeptReport.TextEnding, StringComparison.Ordinal) ? file[..^KeptReport.TextEnding.Length]
        : file.EndsWith(KeptReport.SignatureEnding, StringComparison.Ordinal)
            ? file[..^KeptReport.SignatureEnding.Length]
        : null;

    private static string? SignatureIn(IReadOnlyDictionary<string, byte[]> files, string name) =>
        files.TryGetValue(name + KeptReport.SignatureEnding, out var signature)
            ? Encoding.UTF8.GetString(signature).Trim() : null;
}

/// <summary>What a look at kept reports came to.</summary>
/// <param name="Findings">Empty where nothing is wrong.</param>
/// <param name="Stores">A line a chain: how far it reaches, and why it begins.</param>
internal sealed record ReportVerification(IReadOnlyList<ReportFinding> Findings, IReadOnlyList<string> Stores)
{
    /// <summary>Null where nothing is wrong.</summary>
    public FindingKind? Gravest => Findings.Count == 0 ? null : Findings.Min(finding => finding.Kind);
}
