using System.Text.Json.Nodes;
using System.Xml.Linq;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Reports.Pages;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

/// <summary>The page says what the documents say, and nothing in it is more than text.</summary>
public sealed class ReportPageTests
{
    private static readonly string[] Loading =
        ["src", "href", "data", "action", "srcset", "style", "onload", "onerror", "onclick"];

    private static JsonObject Fine => Parsed(ReportInputs.Fine);

    private static JsonObject Bad => Parsed(ReportInputs.Fine with
    {
        Census = Fact.Seen<IReadOnlyList<ByokOperator.Api.CensusEntry>>(
            [new() { Key = ReportInputs.KeyId, Objects = 9, Bytes = 90 },
                new() { Key = "none", Objects = 1, Bytes = 7 }]),
        Source = Fact.Blind<global::Cloud.Stores.SharedDescription?>("Throttled"),
    });

    [Fact]
    public void Every_value_of_the_document_stands_on_the_page()
    {
        var text = TextOf(Page(Fine, Bad));
        foreach (var value in Leaves(Fine).Concat(Leaves(Bad)))
        {
            text.ShouldContain(value);
        }
    }

    [Fact]
    public void What_a_newer_version_says_besides_stands_there_too()
    {
        var newer = Fine;
        newer["reportVersion"] = "v9";
        newer["signature"] = new JsonObject { ["by"] = "somebody new" };
        newer["expected"]!["region2"] = "eu-north-1";
        newer["deviations"] = new JsonArray(new JsonObject { ["code"] = "Fresh", ["extra"] = "of a newer kind" });
        var text = TextOf(Page(newer));
        foreach (var word in (string[])["v9", "somebody new", "eu-north-1", "Fresh", "of a newer kind"])
        {
            text.ShouldContain(word);
        }
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData(
        """{"store": 7, "deviations": "x", "census": [1, null], "key": [], "evidence": {}, "expected": null}""")]
    [InlineData("""{"census": [{"key": null, "objects": -5}], "observed": {"availability": ["a"]}}""")]
    public void A_document_that_is_none_is_shown_as_far_as_it_goes(string text)
    {
        var set = new ReportSet("store a/b", [JsonNode.Parse(text)!.AsObject()], [], []);
        Parse(ReportPage.Of(set)).Descendants("section").Count().ShouldBe(1);
        ReportTable.Of(set).Split('\n').Length.ShouldBe(3);
    }

    [Fact]
    public void Deviations_come_before_everything_else_of_a_store_and_a_store_without_says_so()
    {
        var sections = Parse(Page(Bad, Fine)).Descendants("section").ToList();
        sections[0].Elements().ElementAt(1).Value.ShouldStartWith("Deviations");
        sections[0].Value.ShouldContain("ObjectsUnderOtherKey");
        sections[1].Elements().ElementAt(1).Value.ShouldBe("No deviations.");
        Parse(
            Page(
                Parsed(
                    ReportInputs.Fine with
                    {
                        Source = Fact.Blind<global::Cloud.Stores.SharedDescription?>("Throttled"),
                    })))
            .Descendants("section").Single().Value.ShouldContain("No deviations in what could be looked at.");
    }

    [Fact]
    public void The_picture_shows_what_little_there_is()
    {
        var little = Parsed(ReportInputs.Fine with
        {
            Census = Fact.Seen<IReadOnlyList<ByokOperator.Api.CensusEntry>>(
                [new() { Key = ReportInputs.KeyId, Objects = 1_000_000, Bytes = 1 },
                    new() { Key = "other", Objects = 1, Bytes = 1 }]),
        });
        XNamespace svg = "http://www.w3.org/2000/svg";
        Parse(Page(little)).Descendants(svg + "rect").Select(bar => (int)bar.Attribute("width")!).ShouldBe([596, 4]);
        Parse(Page(Fine)).Descendants(svg + "rect").Select(bar => (string?)bar.Attribute("class")).ShouldBe(["own"]);
    }

    [Fact]
    public void Nothing_is_loaded_or_run_and_words_are_never_markup()
    {
        var hostile = Fine;
        hostile["store"]!["name"] = "<script>alert(1)</script>";
        hostile["key"]!["reason"] = "\"><img src=x onerror=alert(1)>\u202e\u0000\u001b[2J";
        var page = Page(hostile);
        page.ShouldStartWith("<!doctype html>\n<html");
        var parsed = Parse(page);
        parsed.Descendants().Select(element => element.Name.LocalName).Distinct().ShouldBeSubsetOf(
            ["html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "div", "section", "table",
                "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "rect"]);
        parsed.Descendants().Attributes().Select(attribute => attribute.Name.LocalName).Intersect(Loading)
            .ShouldBeEmpty();
        parsed.Descendants("style").Single().Value.ShouldNotContain("url(");
        parsed.Descendants("style").Single().Value.IndexOfAny(['<', '>', '&'])
            .ShouldBe(-1, "a style sheet is not unescaped");
        TextOf(page).ShouldContain("<script>alert(1)</script>");
        TextOf(page).ShouldContain(@"\u202e\u0000\u001b[2J");
    }

    [Fact]
    public void What_is_not_covered_and_what_has_no_report_is_told_in_every_form()
    {
        var set =
            new ReportSet("tenant acme", [Fine], ["platform-backups/acme-eu/"], [("acme/other", "no report stands")]);
        foreach (var form in (string[])[ReportPage.Of(set), ReportTable.Of(set), set.ToJson()])
        {
            form.ShouldContain("platform-backups/acme-eu/");
            form.ShouldContain("acme/other");
            form.ShouldContain("no report stands");
        }

        JsonNode.Parse(set.ToJson())!["reports"]![0]!.ToJsonString().ShouldBe(Fine.ToJsonString());
    }

    private static string Page(params JsonObject[] reports) =>
        ReportPage.Of(new ReportSet("tenant acme", reports, [], []));

    private static JsonObject Parsed(ReportInput input) =>
        JsonNode.Parse(ReportBuilder.Write(ReportBuilder.Build(input)))!.AsObject();

    private static XElement Parse(string page) => XElement.Parse(page["<!doctype html>".Length..]);

    private static string TextOf(string page) =>
        string.Join("\n", Parse(page).Element("body")!.DescendantNodes().OfType<XText>().Select(text => text.Value));

    private static IEnumerable<string> Leaves(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Leaves(field.Value)),
        JsonArray items => items.SelectMany(Leaves),
        null => [],
        _ => [ReportReading.TextOf(node)],
    };
}
