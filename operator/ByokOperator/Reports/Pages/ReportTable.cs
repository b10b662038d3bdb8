using System.Globalization;
using Kube.Core;

namespace ByokOperator.Reports.Pages;

/// <summary>A line a store, for a terminal.</summary>
internal static class ReportTable
{
    private static readonly string[] Heads =
        ["STORE", "AVAILABILITY", "KEY", "OBJECTS", "OTHER-KEY", "DEVIATIONS", "UNSEEN", "WRITTEN"];

    public static string Of(ReportSet set)
    {
        IEnumerable<string[]> rows =
        [
            Heads,
            .. set.Reports.Select(report => RowOf(new ReportReading(report))),
            .. set.Missing.Select(one => new[] { one.Store, "-", "-", "-", "-", "-", one.Why, "-" }),
        ];
        var lines = rows.Select(row => row.Select(Printable.Of).ToArray()).ToList();
        var widths = Enumerable.Range(0, Heads.Length).Select(column => lines.Max(row => row[column].Length)).ToArray();
        return string.Concat(
            lines.Select(row =>
                string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"))
            + string.Concat(set.Uncovered.Select(place => $"not covered by any store: {Printable.Of(place)}\n"));
    }

    private static string[] RowOf(ReportReading report) =>
    [
        report.Store, report.Availability, report.Verdict, Number(report.Own), Number(report.Others),
        report.Deviations.Count == 0 ? "none"
            : string.Join(',', report.Deviations.Select(one => ReportReading.TextOf(one["code"])).Distinct()),
        report.Unseen.Count == 0 ? "none"
            : string.Join(',', report.Unseen.Select(one => ReportReading.TextOf(one["field"]))),
        report.WrittenAt,
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
