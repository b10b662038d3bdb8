using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using ByokOperator.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class StoreReadingTests
{
    private static readonly DateTimeOffset due = Worlds.Noon;

    private static readonly Step write =
        new Step.Take("Compliant", "ReportDue", new StoreAct.WriteReport(null, StoreVerdict.Open));

    private static readonly StoreWorld unreported = Worlds.Open with { Report = Fact.Seen<ReportFacts?>(null) };

    /// <summary>It has no time to count from, and must not be in time for ever.</summary>
    [Fact]
    public void A_first_report_that_can_not_be_made_becomes_overdue()
    {
        var reading = Of(unreported, write).After(before: null, due);
        reading = Of(unreported, write).After(reading, due.AddMinutes(4));
        reading.OverdueFrom.ShouldBe(due.AddMinutes(5));

        Of(unreported).After(reading, due.AddMinutes(6)).OverdueFrom.ShouldBeNull("something else is done first");
    }

    [Fact]
    public void A_report_that_was_made_is_overdue_after_two_of_its_intervals()
    {
        var world = Worlds.Open with
        {
            Report = Fact.Seen<ReportFacts?>(new ReportFacts(due, null, [])), ReportInterval = TimeSpan.FromHours(24),
        };
        Of(world, write).After(Of(unreported, write).After(null, due), due).OverdueFrom
            .ShouldBe(due.AddHours(48).AddMinutes(5));
    }

    [Fact]
    public void A_return_is_a_move_that_can_be_stalled_as_any_other()
    {
        var back = new ReturnWorld { Consent = "store/key", IsAsked = true, IsConfirmed = false };
        var world = Worlds.Open with { Return = back, Migration = null };
        var stalled = new EncryptedStoreStatus
        {
            Conditions =
                [new Condition { Type = StatusReport.Stalled, Status = "True", Reason = "SharedPlaceNotEmpty" }],
        };

        StoreReading.Of(world, stalled, heldUp: null, steps: []).Move.ShouldBe(StoreReading.Stalled);
        StoreReading.Of(world, new(), heldUp: null, steps: []).Move.ShouldBe(StoreReading.Copying);
        StoreReading.Of(Worlds.Open with { Return = null, Migration = null }, stalled, heldUp: null, steps: []).Move
            .ShouldBeNull();
    }

    private static StoreReading Of(StoreWorld world, params Step[] steps) =>
        StoreReading.Of(world, new EncryptedStoreStatus(), heldUp: null, steps);
}
