using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Kube.Core;

namespace ByokOperator.Reports.Pages;

/// <summary>
/// Reports for a person: one file that loads nothing from elsewhere, runs nothing, and prints on paper. It is made from
/// the documents themselves and leaves nothing of them out, whatever version they are of; deviations come first.
/// </summary>
internal static class ReportPage
{
    private static readonly string[] Headed = ["reportVersion", "store", "generatedAt", "expected", "observed", "key",
        "census", "receipt", "deviations", "unseen", "evidence", "chain"];

    public static string Of(ReportSet set)
    {
        var reports = set.Reports.Select(report => new ReportReading(report)).ToList();
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("http-equiv", "Content-Security-Policy"),
                    new XAttribute("content", "default-src 'none'; style-src 'unsafe-inline'")),
                new XElement("meta", new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", Word($"Encryption report: {set.Scope}")),
                new XElement("style", ReportStyle.Sheet)),
            new XElement("body",
                new XElement("h1", Word("Encryption report")),
                new XElement("p", Word($"{set.Scope}, asked {Time(set.AskedAt)}")),
                Summary(set, reports),
                reports.Select(One)));
        return "<!doctype html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static IEnumerable<XElement> Summary(ReportSet set, IReadOnlyList<ReportReading> reports)
    {
        yield return Table(
            ["Store", "Availability", "Key", "Deviations", "Objects under its key", "Objects under others", "Written"],
            reports.Select(report => new XElement[]
            {
                Cell(report.Store), Badge(report.Availability), Badge(report.Verdict),
                Badge(report.Deviations.Count == 0 ? "none"
                    : $"{report.Deviations.Count}", report.Deviations.Count == 0),
                Cell(Number(report.Own)), Badge(Number(report.Others), report.Others == 0), Cell(report.WrittenAt),
            }));
        if (set.Missing.Count > 0)
        {
            yield return new XElement("h2", Word("Without a report"));
            yield return Table(["Store", "Why"],
                set.Missing.Select(one => new[] { Cell(one.Store), Badge(one.Why, isGood: false) }));
        }

        if (set.Uncovered.Count > 0)
        {
            yield return new XElement("h2", Word("Not covered"));
            yield return new XElement("p",
                Word("Shared places that no store takes its data from. What lies there is not under a tenant's key."));
            yield return Table(["Place"], set.Uncovered.Select(place => new[] { Badge(place, isGood: false) }));
        }
    }

    private static XElement One(ReportReading report) => new("section",
        new XElement("h2", Word(report.Store)),
        Deviations(report),
        report.Unseen.Count == 0 ? null : Part("Could not be looked at", Rows(report.Unseen)),
        Part("Expected beside observed",
            SideBySide(report.Report["expected"] as JsonObject ?? [], report.Report["observed"] as JsonObject ?? [])),
        Part("Key", Fields(report.Report["key"])),
        Part("What stands under which key", CensusPicture.Of(report),
            Rows([.. (report.Report["census"] as JsonArray ?? []).OfType<JsonObject>()])),
        report.Report["receipt"] is { } receipt ? Part("Receipt of the move", Fields(receipt)) : null,
        Part("Evidence", Rows([.. (report.Report["evidence"] as JsonArray ?? []).OfType<JsonObject>()])),
        Part("Place among the store's reports", Fields(report.Report["chain"])),
        Part("Of this report", Fields(report.Report["store"]), Fields(new JsonObject(report.Report
            .Where(field => !Headed.Contains(field.Key) || field.Key is "reportVersion" or "generatedAt")
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))))));

    private static XElement Deviations(ReportReading report) => report.Deviations.Count == 0
        ? new XElement("p", new XAttribute("class", "good"),
            Word(report.Unseen.Count == 0 ? "No deviations." : "No deviations in what could be looked at."))
        : Part("Deviations", Rows(report.Deviations, "bad"));

    private static XElement Part(string title, params object?[] content) =>
        new("div", new XElement("h3", Word(title)), content);

    /// <summary>A line an entry, a column a field that any of them has.</summary>
    private static XElement Rows(IReadOnlyList<JsonObject> entries, string? look = null)
    {
        if (entries.Count == 0)
        {
            return new XElement("p", Word("None."));
        }

        var columns = entries.SelectMany(entry => entry.Select(field => field.Key)).Distinct().ToList();
        var table = Table(columns.Select(Spaced),
            entries.Select(entry =>
                columns.Select(column => Cell(entry.ContainsKey(column) ? ReportReading.TextOf(entry[column]) : ""))
                    .ToArray()));
        if (look is not null)
        {
            table.Element("table")!.SetAttributeValue("class", look);
        }

        return table;
    }

    private static XElement SideBySide(JsonObject expected, JsonObject observed) => Table(
        ["", "Expected", "Observed"],
        expected.Select(field => field.Key).Concat(observed.Select(field => field.Key)).Distinct().Select(name =>
        {
            var (wanted, seen) = (expected.ContainsKey(name) ? ReportReading.TextOf(expected[name])
                : "", observed.ContainsKey(name) ? ReportReading.TextOf(observed[name]) : "");
            var differs = wanted.Length > 0 && seen.Length > 0 && wanted != seen;
            return new[] { Cell(Spaced(name)), Cell(wanted), differs ? Badge(seen, isGood: false) : Cell(seen) };
        }));

    private static XElement Fields(JsonNode? node) => Table(
        ["", ""],
        (node as JsonObject ?? [])
            .Select(field => new[] { Cell(Spaced(field.Key)), Cell(ReportReading.TextOf(field.Value)) }));

    private static XElement Table(IEnumerable<string> heads, IEnumerable<XElement[]> rows) =>
        new("div", new XAttribute("class", "wide"),
            new XElement("table",
                heads.All(head => head.Length == 0) ? null
                    : new XElement("thead", new XElement("tr", heads.Select(head => new XElement("th", Word(head))))),
                new XElement("tbody", rows.Select(row => new XElement("tr", row.Cast<object>().ToArray())), "")));

    private static XElement Cell(string text) => new("td", Word(text));

    /// <summary>A store that is closed may be as it should be: that its deviations say.</summary>
    private static XElement Badge(string word) =>
        word is "Closed" ? Cell(word) : Badge(word, word is "Open" or "Usable");

    private static XElement Badge(string word, bool isGood) =>
        new("td", new XAttribute("class", isGood ? "good" : "bad"), Word(word));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>closedSince: Closed since.</summary>
    private static string Spaced(string name) => string.Concat(name.Select((letter, index) =>
        index == 0 ? char.ToUpperInvariant(letter).ToString()
            : char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));

    /// <summary>Text is never markup; an element that is empty has an end all the same, as HTML wants it.</summary>
    private static string Word(string text) => Printable.Of(text);
}

/// <summary>How a report looks on a screen of any width, in the dark, and on A4.</summary>
internal static class ReportStyle
{
    public const string Sheet = """
        :root { color-scheme: light dark; --good: #1a7f37; --bad: #b42318; --line: #8884; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 70rem; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--line); } h3 { margin-bottom: .4rem; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .3rem 0 1rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); min-width: 5.5rem; overflow-wrap: break-word; }
        th { font-weight: 600; white-space: nowrap; }
        .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; } table.bad td { font-weight: 400; }
        figure { margin: .5rem 0; } svg { width: 100%; height: 28px; } rect.own { fill: var(--good); } rect.other { fill: var(--bad); }
        @media (max-width: 640px) { table.bad td:last-child { min-width: 16rem; } }
        @media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff8a80; } }
        @media print { @page { size: A4; margin: 15mm; } body { font-size: 10pt; max-width: none; margin: 0; padding: 0; } .wide { overflow: visible; } th, td { min-width: 0; overflow-wrap: anywhere; white-space: normal; }
          section { break-before: page; } tr, figure { break-inside: avoid; } thead { display: table-header-group; } }
        """;
}
