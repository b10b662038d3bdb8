using System.Text;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

public sealed class ReportMapTests
{
    [Fact]
    public void The_document_is_the_report() =>
        ReportMap.Build(ReportInputs.Fine.Store, ReportBuilder.Build(ReportInputs.Fine), answers: null).Data!["report.json"]
            .ShouldBe(Encoding.UTF8.GetString(ReportBuilder.Write(ReportBuilder.Build(ReportInputs.Fine))));

    /// <summary>A policy that drifted for a minute kept its store Stalled for a day: until the next report.</summary>
    [Fact]
    public void What_the_operator_mends_itself_is_told_in_the_document_and_stalls_nobody()
    {
        var report = ReportBuilder.Build(ReportInputs.Fine with { Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy"] }) });
        report.Deviations.Single().Code.ShouldBe(DeviationCodes.AspectDrifted);
        Codes(report).ShouldBe("");
    }

    [Fact]
    public void What_only_a_person_can_mend_stands_beside_the_document() =>
        Codes(ReportBuilder.Build(ReportInputs.Fine with { Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { IsEmpty = false, UnfinishedUploads = 1 }) }))
            .ShouldBe(DeviationCodes.SourceNotRetired);

    private static string Codes(EncryptionReport report) =>
        ReportMap.Build(ReportInputs.Fine.Store, report, answers: null).Metadata.Annotations![ReportMap.DeviationsAnnotation];
}
