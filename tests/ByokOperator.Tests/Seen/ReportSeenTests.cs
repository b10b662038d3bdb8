using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Reports.Pages;
using ByokOperator.Tests.Reports;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Seen;

/// <summary>The report as a browser shows it, at the widths of a desk, a tablet and a telephone,
/// and on paper.</summary>
[Trait("Server", "chromium")]
public sealed partial class ReportSeenTests
{
    /// <summary>A4 less the margins that the style sheet asks for, in pixels of 1/96 inch.</summary>
    private const int PaperWidth = 680;

    private const string Red = "rgb(180, 35, 24)";
    private const string Green = "rgb(26, 127, 55)";

    public static TheoryData<string, int, int> Sights =>
        new(
            (from kind in (string[])["clean", "deviation"] from size in ((int, int)[])[(1280, 900), (768, 900),
                (380, 780)] select (kind, size.Item1, size.Item2)).ToArray());

    [Theory]
    [MemberData(nameof(Sights))]
    public async Task It_fits_the_width_loads_nothing_and_shows_what_it_says(string kind, int width, int height)
    {
        await using var shown = await ShownAsync(kind, width, height);
        var page = shown.Page;
        (await page.OverflowAsync()).ShouldBe(0);
        page.Loaded.ShouldBeEmpty();
        page.Complaints.ShouldBeEmpty();
        var text = await page.TextAsync();
        text.ShouldContain("Encryption report");
        text.ShouldContain("acme/backups");
        text.Contains("ObjectsUnderOtherKey", StringComparison.Ordinal).ShouldBe(kind == "deviation");
        text.Contains("No deviations.", StringComparison.Ordinal).ShouldBe(kind == "clean");
        (await ColoursAsync(page, "rect", "fill")).ShouldBe(kind == "clean" ? [Green] : [Green, Red]);
        (await ColoursAsync(page, "td.bad", "color")).ShouldBe(kind == "clean" ? [] : [Red]);
        (await page.ValueAsync("document.querySelector('h1').getBoundingClientRect().height"))!.GetValue<double>()
            .ShouldBeGreaterThan(15);
        await DocumentImages.KeepAsync($"report-{kind}-{width}.png", await page.PictureAsync(), width, height);
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("deviation")]
    public async Task It_prints_on_A4_and_no_column_is_cut_off(string kind)
    {
        await using var shown = await ShownAsync(kind, PaperWidth, 900);
        await shown.Page.AsOnPaperAsync();
        (await shown.Page.OverflowAsync()).ShouldBe(0);
        var paper = Encoding.Latin1.GetString(await shown.Page.PrintAsync());
        paper.ShouldStartWith("%PDF-");
        var sheets = Sheet().Matches(paper)
            .Select(found =>
                $"{Math.Round(double.Parse(found.Groups[1].Value))} x "
                    + $"{Math.Round(double.Parse(found.Groups[2].Value))}").ToList();
        sheets.Count.ShouldBeGreaterThan(1, "a summary, and a section a store");
        sheets.Distinct().ShouldBe(["595 x 842"]);
        shown.Page.Loaded.ShouldBeEmpty();
    }

    /// <summary>The checks above see what they are for.</summary>
    [Fact]
    public async Task A_page_that_is_too_wide_or_loads_something_is_noticed()
    {
        await using var shown = await ShowAsync("""
            <!doctype html><html><body><img src="http://127.0.0.1:1/x.png"><div style="width: 900px">wide</div></body></html>
            """, 380, 700);
        (await shown.Page.OverflowAsync()).ShouldBeGreaterThan(500);
        shown.Page.Loaded.ShouldBe(["http://127.0.0.1:1/x.png"]);
        shown.Page.Complaints.ShouldNotBeEmpty();
    }

    private static async Task<IReadOnlyList<string>> ColoursAsync(BrowserPage page, string selector, string property)
    {
        var found = await page.ValueAsync(
            $"[...document.querySelectorAll('{selector}')].filter(one => one.getBoundingClientRect().width > "
                + $"0).map(one => getComputedStyle(one).{property})");
        return [.. found!.AsArray().Select(one => (string)one!).Distinct()];
    }

    private static Task<Shown> ShownAsync(string kind, int width, int height) =>
        ShowAsync(ReportPage.Of(Reported(kind)), width, height);

    private static async Task<Shown> ShowAsync(string html, int width, int height)
    {
        var file = new FileInfo(Path.Combine(Directory.CreateTempSubdirectory("byok-page-").FullName, "page.html"));
        await File.WriteAllTextAsync(file.FullName, html);
        var browser = await Browser.StartAsync();
        return new Shown(browser, await browser.OpenAsync(new Uri(file.FullName), width, height), file.Directory!);
    }

    private static ReportSet Reported(string kind)
    {
        var input = kind == "clean" ? ReportInputs.Fine : ReportInputs.Fine with
        {
            Census = Fact.Seen<IReadOnlyList<CensusEntry>>(
                [new() { Key = ReportInputs.KeyId, Objects = 4_100, Bytes = 900_000 },
                    new() { Key = "none", Objects = 900, Bytes = 100_000 }]),
        };
        var report = JsonNode.Parse(ReportBuilder.Write(ReportBuilder.Build(input)))!.AsObject();
        return new ReportSet("store acme/backups", [report], [], []) { AskedAt = ReportInputs.Noon };
    }

    [GeneratedRegex(@"/MediaBox \[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]")]
    private static partial Regex Sheet();

    private sealed record Shown(Browser Browser, BrowserPage Page, DirectoryInfo Folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Browser.DisposeAsync();
            Folder.Delete(recursive: true);
        }
    }
}
