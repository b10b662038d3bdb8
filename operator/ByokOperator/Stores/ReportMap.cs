using System.Globalization;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reports;
using ByokOperator.Reports.Signing;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>The <c>&lt;store&gt;-report</c> ConfigMap. What the ladder asks of it stands in annotations, so that a
/// metadata-only watch tells it.</summary>
internal static class ReportMap
{
    public const string ChildKind = "report";
    public const string Entry = "report.json";

    /// <summary>Over that entry's very bytes.</summary>
    public const string SignatureEntry = "report.jws";

    public const string WrittenAtAnnotation = "byok.dev/written-at";
    public const string AnswersAnnotation = "byok.dev/answers";
    /// <summary>Annotation: codes of what only a person can mend;
    /// what the operator mends itself must not stall a store until the next report.</summary>
    public const string DeviationsAnnotation = "byok.dev/deviations";

    /// <summary>Annotation: <c>Open</c>, <c>Closing</c> or <c>Closed</c>, as the report found the store.</summary>
    public const string AvailabilityAnnotation = "byok.dev/availability";

    /// <summary>Codes in the annotation: enough to see what kind of thing it is; the document has all.</summary>
    private const int MostCodes = 20;

    /// <summary>A longer one is answered by its digest:
    /// whoever may annotate must not make a report too long to be recorded.</summary>
    private const int LongestRequest = 256;

    /// <summary>What <see cref="AnswersAnnotation"/> says once a report is written for this
    /// <c>byok.dev/report-at</c>.</summary>
    public static string? RequestOf(string? annotation) =>
        annotation is { Length: > LongestRequest } ? ReportSignature.DigestOf(Encoding.UTF8.GetBytes(annotation))
            : annotation;

    /// <summary>Null where nothing says when it was written. Whoever may edit the ConfigMap can write anything: of
    /// codes those count that there are.</summary>
    public static ReportFacts? Facts(IReadOnlyDictionary<string, string>? notes) =>
        notes is not null
            && DateTimeOffset.TryParse(notes.GetValueOrDefault(WrittenAtAnnotation), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at)
            ? new ReportFacts(at, notes.GetValueOrDefault(AnswersAnnotation),
                [.. (notes.GetValueOrDefault(DeviationsAnnotation) ?? "").Split(',')
                    .Where(DeviationCodes.ActionRequired.Contains)], notes.GetValueOrDefault(AvailabilityAnnotation)
                        ?? StoreVerdict.Open)
            : null;

    /// <summary>Null where no report stands in it.</summary>
    public static SignedReport? Signed(ConfigMap? map) =>
        map?.Data?.GetValueOrDefault(Entry) is { } text
            ? new SignedReport(text, map.Data.GetValueOrDefault(SignatureEntry)) : null;

    /// <summary>The annotations that a report stands with.</summary>
    public static IReadOnlyDictionary<string, string> NotesOf(EncryptionReport report, string? answers)
    {
        var notes = new Dictionary<string, string>
        {
            [WrittenAtAnnotation] =
                report.GeneratedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            [AvailabilityAnnotation] = report.Observed.Availability,
            [DeviationsAnnotation] = string.Join(',',
                report.Deviations.Select(deviation => deviation.Code).Where(DeviationCodes.ActionRequired.Contains)
                    .Distinct().Take(MostCodes)),
        };
        if (answers is not null)
        {
            notes[AnswersAnnotation] = answers;
        }

        return notes;
    }

    public static ConfigMap Build(
        EncryptedStore store, SignedReport signed, IReadOnlyDictionary<string, string> notes) => new()
    {
        Metadata = Children.Meta(store, StoreNames.Report(store),
            ChildKind) with { Annotations = new Dictionary<string, string>(notes) },
        Data = new Dictionary<string, string> { [Entry] = signed.Text, [SignatureEntry] = signed.Signature ?? "" },
    };
}
