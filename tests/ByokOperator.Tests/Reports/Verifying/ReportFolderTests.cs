using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Reports;
using ByokOperator.Reports.Verifying;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports.Verifying;

/// <summary>What is found in a folder of reports: each with its sentence,
/// and with the exit code that a script gets.</summary>
public sealed class ReportFolderTests
{
    [Fact]
    public void Whole_reports_are_whole_and_say_how_far_they_reach()
    {
        using var kept = new Keeper().Keep(3);
        var found = kept.Verify();
        found.Findings.ShouldBeEmpty();
        found.Gravest.ShouldBeNull();
        found.Stores.ShouldBe(
            ["acme/backups: reports 1 to 3 of chain 01234567, 2026-11-21T13:00:00+00:00 to 2026-11-21T15:00:00+00:00; "
                + "begins: First"]);
    }

    [Fact]
    public void A_text_that_was_edited_is_found_whatever_was_edited()
    {
        foreach (var edit in (Action<JsonObject>[])
        [
            report => report["deviations"] = new JsonArray(),
            report => report["generatedAt"] = "2020-01-01T00:00:00+00:00",
            report => report["chain"]!["sequence"] = 3,
            report => report.Remove("chain"),
            report => report["reportVersion"] = "v0",
        ])
        {
            using var kept = new Keeper().Keep(2);
            var name = Keeper.NameOf(2) + ".json";
            var report = JsonNode.Parse(kept.Files[name])!.AsObject();
            edit(report);
            kept.Files[name] = Encoding.UTF8.GetBytes(report.ToJsonString());
            Only(kept, FindingKind.Edited, 3).ShouldContain($"{name} was edited");
        }
    }

    [Fact]
    public void The_line_break_that_an_editor_puts_at_the_end_is_no_edit()
    {
        using var kept = new Keeper().Keep(1);
        kept.Files[Keeper.NameOf(1) + ".json"] = [.. kept.Files[Keeper.NameOf(1) + ".json"], (byte)'\n'];
        kept.Files[Keeper.NameOf(1) + ".jws"] = [.. kept.Files[Keeper.NameOf(1) + ".jws"], (byte)'\n'];
        kept.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_signature_that_is_none_and_one_of_another_report_are_found()
    {
        using var kept = new Keeper().Keep(2);
        kept.Files[Keeper.NameOf(2) + ".jws"] = "signed, the operator"u8.ToArray();
        Only(kept, FindingKind.Edited, 3).ShouldContain("is no signature of a report");
        kept.Files[Keeper.NameOf(2) + ".jws"] = kept.Files[Keeper.NameOf(1) + ".jws"];
        Only(kept, FindingKind.Edited, 3).ShouldContain("was edited");
    }

    [Fact]
    public void A_report_of_another_key_is_found()
    {
        using var kept = new Keeper().Keep(1);
        using var other = new Keeper();
        var finding = kept.Verify(other.Key).Findings.ShouldHaveSingleItem();
        (finding.Kind, (int)finding.Kind).ShouldBe((FindingKind.OtherKey, 4));
        finding.Sentence.ShouldContain(kept.Key.Id);
    }

    [Fact]
    public void Numbers_that_are_missing_in_between_are_named()
    {
        using var kept = new Keeper().Keep(6);
        foreach (var gone in (int[])[3, 4])
        {
            kept.Files.Remove(Keeper.NameOf(gone) + ".json");
            kept.Files.Remove(Keeper.NameOf(gone) + ".jws");
        }

        Only(kept, FindingKind.Gap, 5).ShouldContain("acme/backups lacks reports 3 to 4 of chain 01234567");
    }

    [Fact]
    public void Earlier_reports_that_nobody_kept_are_no_gap_and_are_told()
    {
        using var kept = new Keeper().Keep(3);
        kept.Files.Remove(Keeper.NameOf(1) + ".json");
        kept.Files.Remove(Keeper.NameOf(1) + ".jws");
        kept.Verify().Findings.ShouldBeEmpty();
        kept.Verify().Stores.Single().ShouldContain("reports 2 to 3 of chain 01234567");
        kept.Verify().Stores.Single().ShouldContain("earlier ones are not in the folder");
    }

    [Fact]
    public void Two_reports_of_one_number_are_found_and_so_is_one_that_follows_another_than_the_one_kept()
    {
        using var twice = new Keeper().Keep(2);
        twice.Keep(new ReportLink(Keeper.Chain, 2) { Previous = new string('f', 64) }, under: "another");
        Only(twice, FindingKind.Gap, 5).ShouldContain("both are report 2 of acme/backups");

        using var exchanged = new Keeper().Keep(2);
        exchanged.Keep(new ReportLink(Keeper.Chain, 3) { Previous = new string('f', 64) });
        Only(exchanged, FindingKind.Gap, 5).ShouldContain("follows another report 2");
    }

    [Theory]
    [InlineData(".jws", "has no signature")]
    [InlineData(".json", "is not in the folder")]
    public void A_file_that_is_missing_is_named(string ending, string words)
    {
        using var kept = new Keeper().Keep(2);
        kept.Files.Remove(Keeper.NameOf(2) + ending);
        Only(kept, FindingKind.MissingFile, 6).ShouldContain(words);
    }

    [Fact]
    public void A_folder_without_reports_is_not_whole()
    {
        using var kept = new Keeper();
        kept.Files["README.md"] = [];
        Only(kept, FindingKind.MissingFile, 6).ShouldContain("holds no report");
    }

    [Fact]
    public void Reports_from_before_signing_and_of_another_schema_are_told_apart_from_edits()
    {
        using var kept = new Keeper();
        kept.Files["old.json"] = """{"reportVersion": "v1", "store": {"namespace": "acme"}}"""u8.ToArray();
        Only(kept, FindingKind.OtherSchema, 7).ShouldContain("of an operator that did not sign reports");
        kept.Files.Clear();
        kept.Keep("""{"reportVersion": "v0", "store": {}, "chain": {"id": "a", "sequence": 1}}"""u8.ToArray(), "older");
        Only(kept, FindingKind.OtherSchema, 7).ShouldContain("is a report 'v0', and this program reads v1");
    }

    [Fact]
    public void A_new_chain_goes_on_from_the_last_report_of_the_one_before()
    {
        using var kept = new Keeper().Keep(2);
        var last = kept.Keep(new ReportLink(Keeper.Chain, 3) { Previous = DigestOf(kept, 2) });
        Begin(kept, 3, last);
        kept.Verify().Findings.ShouldBeEmpty();
        kept.Verify().Stores[1].ShouldEndWith("begins: KeyReplaced after report 3 of 01234567");

        kept.Files.Remove(Keeper.NameOf(3) + ".json");
        kept.Files.Remove(Keeper.NameOf(3) + ".jws");
        Only(kept, FindingKind.Gap, 5).ShouldContain("lacks report 3 of chain 01234567");
        Begin(kept, 1, DigestOf(kept, 1));
        Only(kept, FindingKind.Gap, 5).ShouldContain("that is not the last one of it in the folder");
    }

    [Fact]
    public void A_second_chain_that_says_nothing_of_the_first_is_told()
    {
        using var kept = new Keeper().Keep(2);
        kept.Keep(new ReportLink("fedcba9876543210", 1) { Begins = new ReportLinkBegin(ReportLinkBegin.First) });
        Only(kept, FindingKind.Gap, 5).ShouldContain("says nothing of the one before");
    }

    [Fact]
    public void Another_object_of_the_same_name_has_reports_of_its_own()
    {
        using var kept = new Keeper().Keep(2);
        kept.Keep(
            new ReportLink("fedcba9876543210", 1) { Begins = new ReportLinkBegin(ReportLinkBegin.First) },
            change: report => report with { Store = report.Store with { Uid = "u-2" } });
        kept.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Of_several_findings_the_gravest_is_the_exit_code()
    {
        using var kept = new Keeper().Keep(4);
        kept.Files.Remove(Keeper.NameOf(2) + ".jws");
        kept.Files[Keeper.NameOf(4) + ".json"] = "{}"u8.ToArray();
        kept.Verify().Findings.Select(finding => finding.Kind)
            .ShouldBe([FindingKind.MissingFile, FindingKind.Edited, FindingKind.Gap]);
        kept.Verify().Gravest.ShouldBe(FindingKind.Edited);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[[[[")]
    [InlineData("{\"store\": 1, \"chain\": {\"id\": {}, \"sequence\": \"x\"}, \"reportVersion\": \"v1\"}")]
    public void Nonsense_that_is_signed_is_no_report_and_throws_nothing(string text)
    {
        using var kept = new Keeper();
        kept.Keep(Encoding.UTF8.GetBytes(text), "nonsense");
        Only(kept, FindingKind.OtherSchema, 7);
        kept.Files["nonsense.jws"] = "x"u8.ToArray();
        Only(kept, FindingKind.Edited, 3);
    }

    private static string DigestOf(Keeper kept, int sequence) =>
        ByokOperator.Reports.Signing.ReportSignature.DigestOf(kept.Files[Keeper.NameOf(sequence) + ".json"]);

    private static void Begin(Keeper kept, int after, string digest) => kept.Keep(
        new ReportLink("fedcba9876543210",
            1)
            {
                Begins = new ReportLinkBegin(ReportLinkBegin.KeyReplaced)
                {
                    After = new ReportLinkEnd(Keeper.Chain, after, digest, kept.Key.Id),
                },
            },
        change: report => report with { GeneratedAt = ReportInputs.Noon.AddDays(1) });

    private static string Only(Keeper kept, FindingKind kind, int code)
    {
        var finding = kept.Verify().Findings.ShouldHaveSingleItem();
        (finding.Kind, (int)finding.Kind).ShouldBe((kind, code));
        return finding.Sentence;
    }
}
