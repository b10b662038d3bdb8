using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Reports.Signing;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

public sealed class ReportMapTests
{
    [Fact]
    public void The_document_and_its_signature_stand_as_they_were_signed()
    {
        var map = ReportMap.Build(ReportInputs.Fine.Store, new SignedReport("{}", "a..b"),
            new Dictionary<string, string> { ["byok.dev/answers"] = "now" });
        map.Data.ShouldBe(new Dictionary<string, string> { ["report.json"] = "{}", ["report.jws"] = "a..b" });
        map.Metadata.Annotations.ShouldBe(new Dictionary<string, string> { ["byok.dev/answers"] = "now" });
    }

    [Fact]
    public void A_request_that_is_too_long_to_be_kept_is_answered_by_its_digest()
    {
        ReportMap.RequestOf("2026-11-30T12:00:00Z").ShouldBe("2026-11-30T12:00:00Z");
        ReportMap.RequestOf(new string('x', 200_000))!.Length.ShouldBe(64);
        ReportMap.RequestOf(null).ShouldBeNull();
    }

    /// <summary>A policy that drifted for a minute kept its store Stalled for a day: until the next report.</summary>
    [Fact]
    public void What_the_operator_mends_itself_is_told_in_the_document_and_stalls_nobody()
    {
        var report = ReportBuilder.Build(
            ReportInputs.Fine with { Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy"] }) });
        report.Deviations.Single().Code.ShouldBe(DeviationCodes.AspectDrifted);
        Codes(report).ShouldBe("");
    }

    [Fact]
    public void What_only_a_person_can_mend_stands_beside_the_document() =>
        Codes(
            ReportBuilder.Build(
                ReportInputs.Fine with
                {
                    Source = Fact.Seen<SharedDescription?>(
                        ReportInputs.Source with { IsEmpty = false, UnfinishedUploads = 1 }),
                }))
            .ShouldBe(DeviationCodes.SourceNotRetired);

    [Fact]
    public void Words_that_somebody_wrote_beside_the_document_are_no_codes() =>
        ReportMap.Facts(new Dictionary<string, string>
        {
            [ReportMap.WrittenAtAnnotation] = "2026-11-30T12:00:00Z",
            [ReportMap.DeviationsAnnotation] =
                $"call 0800-evil,{DeviationCodes.StoreMissing},,{new string('x', 200_000)}",
        })!.Deviations.ShouldBe([DeviationCodes.StoreMissing]);

    private static string Codes(EncryptionReport report) =>
        ReportMap.NotesOf(report, answers: null)[ReportMap.DeviationsAnnotation];
}
