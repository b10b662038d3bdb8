using System.Text;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using Cloud;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

public sealed class ReportBuilderTests
{
    private static readonly ReportInput Fine = ReportInputs.Fine;

    [Fact]
    public void A_store_as_it_should_be_has_no_deviations_and_nothing_unseen()
    {
        var report = ReportBuilder.Build(Fine);
        report.Deviations.ShouldBeEmpty();
        report.Unseen.ShouldBeEmpty();
        report.Evidence.Select(call => call.RequestId).ShouldBe(["R1", "R2", "R3"]);
    }

    [Fact]
    public void A_closed_store_under_a_revoked_key_is_as_it_should_be() =>
        Codes(Fine with
        {
            Key = Fine.Key with
            {
                State = "Revoked",
                Verdict = "Revoked",
                Reason = "KeyDisabled",
                RevokedSince = ReportInputs.Noon,
            },
            Expected = Fine.Expected with { Availability = "Closed" },
            Target = Fact.Seen(ReportInputs.Target with { IsDenied = true }),
            BindingStands = Fact.Seen(false),
        }).ShouldBeEmpty();

    [Fact]
    public void A_store_that_stays_open_under_a_revoked_key_deviates_twice() =>
        Codes(Fine with { Expected = Fine.Expected with { Availability = "Closed" } })
            .ShouldBe([DeviationCodes.OpenThoughClosed, DeviationCodes.BoundThoughClosed]);

    [Fact]
    public void A_store_that_stays_closed_deviates_twice() =>
        Codes(
            Fine with
            {
                Target = Fact.Seen(ReportInputs.Target with { IsDenied = true }),
                BindingStands = Fact.Seen(false),
            })
            .ShouldBe([DeviationCodes.ClosedThoughOpen, DeviationCodes.NotBoundThoughOpen]);

    [Theory]
    [InlineData("Revoked", DeviationCodes.KeyRefused)]
    [InlineData("Unknown", DeviationCodes.KeyUnproved)]
    public void A_key_that_was_not_proved_is_a_deviation(string verdict, string code) =>
        Codes(Fine with { Key = Fine.Key with { Verdict = verdict } }).ShouldBe([code]);

    [Fact]
    public void A_bucket_that_is_gone_is_one_deviation_and_not_a_handful() =>
        Codes(
            Fine with
            {
                Target = Fact.Seen(
                    new StoreDescription(StoreOwnership.Absent, [], false, null, new Dictionary<string, string>(), [])),
            })
            .ShouldBe([DeviationCodes.StoreMissing]);

    [Fact]
    public void A_strangers_bucket_is_named_as_such() =>
        Codes(Fine with { Target = Fact.Seen(ReportInputs.Target with { Ownership = StoreOwnership.Stranger }) })
            .ShouldBe([DeviationCodes.StoreNotOurs]);

    [Fact]
    public void Another_default_key_is_told_with_both_ids()
    {
        var found = ReportBuilder.Build(
            Fine with { Target = Fact.Seen(ReportInputs.Target with { ObservedKeyId = "other" }) }).Deviations.Single();
        (found.Code, found.Expected,
            found.Observed).ShouldBe((DeviationCodes.OtherDefaultKey, ReportInputs.KeyId, "other"));
    }

    [Fact]
    public void Each_drifted_aspect_is_a_deviation() =>
        Codes(Fine with { Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy", "PublicAccessBlock"] }) })
            .ShouldBe([DeviationCodes.AspectDrifted, DeviationCodes.AspectDrifted]);

    [Fact]
    public void Objects_under_another_key_are_counted_by_key()
    {
        var found = ReportBuilder.Build(
            Fine with
            {
                Census = Fact.Seen<IReadOnlyList<CensusEntry>>(
                    [new() { Key = "none", Objects = 2 }, new() { Key = "old", Objects = 0 }]),
            });
        found.Deviations.Single().ShouldSatisfyAllConditions(
            one => one.Code.ShouldBe(DeviationCodes.ObjectsUnderOtherKey), one => one.Observed.ShouldBe("2 objects"),
            one => one.Expected.ShouldContain("none"));
    }

    [Fact]
    public void A_source_that_should_be_gone_deviates() =>
        Codes(
            Fine with
            {
                Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { IsEmpty = false, Fence = "f1" }),
            }).ShouldBe([DeviationCodes.SourceNotRetired]);

    [Fact]
    public void A_source_that_may_still_stand_does_not_deviate() =>
        Codes(Fine with
        {
            Expected = Fine.Expected with { SourceRetired = false },
            Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { IsEmpty = false, Fence = "f1" }),
            Receipt = Fact.Seen<ReportedReceipt?>(null),
        }).ShouldBeEmpty();

    [Fact]
    public void A_fence_left_behind_deviates() =>
        Codes(Fine with { Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { Fence = "f1" }) })
            .ShouldBe([DeviationCodes.SourceStillFenced]);

    [Fact]
    public void A_retired_source_without_a_receipt_deviates() =>
        Codes(Fine with { Receipt = Fact.Seen<ReportedReceipt?>(null) }).ShouldBe([DeviationCodes.ReceiptMissing]);

    [Fact]
    public void Unfinished_uploads_are_reported() =>
        Codes(Fine with { Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { UnfinishedUploads = 3 }) })
            .ShouldBe([DeviationCodes.UploadsUnfinished]);

    [Fact]
    public void What_could_not_be_seen_is_unseen_and_no_deviation()
    {
        var report = ReportBuilder.Build(Fine with
        {
            Target = Fact.Blind<StoreDescription>("Throttled"),
            Source = Fact.Blind<SharedDescription?>("AccessDenied"),
            Census = Fact.Blind<IReadOnlyList<CensusEntry>>("NotLooked"),
            BindingStands = Fact.Blind<bool>("Unreachable"),
            Receipt = Fact.Blind<ReportedReceipt?>("KeyUnusable"),
        });
        report.Deviations.ShouldBeEmpty();
        report.Unseen.ShouldBe(
            [new("target", "Throttled"), new("source", "AccessDenied"), new("census", "NotLooked"),
                new("bindingStands", "Unreachable"), new("receipt", "KeyUnusable")]);
        report.Observed.ShouldBe(new ObservedState { Availability = "Open" });
    }

    [Fact]
    public void A_census_that_left_versions_out_is_told_as_not_looked_at()
    {
        var report = ReportBuilder.Build(Fine with { NotAsked = 7 });
        report.Deviations.ShouldBeEmpty();
        report.Unseen.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            one => one.Field.ShouldBe("census"), one => one.Reason.ShouldStartWith("NotAsked: 7 versions"));
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() =>
        ReportBuilder.Write(ReportBuilder.Build(Fine))
            .ShouldBe(ReportBuilder.Write(ReportBuilder.Build(Fine with { })));

    [Fact]
    public void A_report_always_fits_into_a_ConfigMap_and_keeps_deviations_longest()
    {
        var nasty = new string('\u0001', 5_000);
        var report = ReportBuilder.Build(Fine with
        {
            Census = Fact.Seen<IReadOnlyList<CensusEntry>>(
                [.. Enumerable.Range(1, 3_000)
                    .Select(number => new CensusEntry { Key = $"k{number}{nasty[..200]}", Objects = number })]),
            Evidence = [.. Enumerable.Range(0, 5_000)
                .Select(number =>
                    new CallRecord("s3:CopyObject", ReportInputs.Noon.AddSeconds(number), nasty, $"R{number}"))],
        });
        ReportBuilder.Write(report).Length.ShouldBeLessThanOrEqualTo(ReportBuilder.MaxBytes);
        report.Deviations.Count.ShouldBe(200);
        report.Omitted.Deviations.ShouldBe(2_800);
        (report.Omitted.Evidence + report.Evidence.Count).ShouldBe(5_002);
        (report.Omitted.Census + report.Census.Count).ShouldBe(3_000);
    }

    [Fact]
    public void Newest_evidence_is_kept() =>
        ReportBuilder.Build(
            Fine with
            {
                Evidence = [.. Enumerable.Range(0, 600)
                    .Select(number =>
                        new CallRecord("s3:CopyObject", ReportInputs.Noon.AddSeconds(number), "Ok", $"{number}"))],
            })
            .Evidence[^1].RequestId.ShouldBe("599");

    [Fact]
    public void Fields_stand_in_the_order_of_the_record()
    {
        var text = Encoding.UTF8.GetString(ReportBuilder.Write(ReportBuilder.Build(Fine)));
        string[] fields = ["reportVersion", "generatedAt", "operatorVersion", "store", "key", "expected", "observed",
            "census", "receipt", "deviations", "unseen", "evidence", "omitted"];
        fields.Select(field => text.IndexOf($"\n  \"{field}\"", StringComparison.Ordinal)).ShouldBeInOrder();
    }

    [Fact]
    public void What_is_to_be_done_is_said_for_every_cloud()
    {
        ReportInput[] spoilt =
        [
            Fine with { Target = Fact.Seen(ReportInputs.Target with { Ownership = StoreOwnership.Absent }) },
            Fine with { Target = Fact.Seen(ReportInputs.Target with { Ownership = StoreOwnership.Stranger }) },
            Fine with { Target = Fact.Seen(ReportInputs.Target with { ObservedKeyId = "other", IsDenied = true }) },
            Fine with { Source = Fact.Seen<SharedDescription?>(ReportInputs.Source with { Fence = "f1" }) },
            Fine with { Receipt = Fact.Seen<ReportedReceipt?>(null) },
        ];
        foreach (var mend in spoilt.SelectMany(input => ReportBuilder.Build(input).Deviations)
            .Select(deviation => deviation.Fix))
        {
            mend.Contains("bucket", StringComparison.Ordinal).ShouldBeFalse(mend);
        }
    }

    private static IEnumerable<string> Codes(ReportInput input) =>
        ReportBuilder.Build(input).Deviations.Select(deviation => deviation.Code);
}
