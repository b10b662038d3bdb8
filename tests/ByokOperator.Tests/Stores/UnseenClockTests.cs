using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>Since when nobody could look at a store is written down once at first and once at last.</summary>
public sealed class UnseenClockTests
{
    private static readonly StoreWorld Unseen = Worlds.Open with
    {
        Target = Fact.Blind<TargetFacts>("Unreachable"), UnseenSince = Worlds.Noon,
    };

    [Fact]
    public void The_first_look_in_vain_starts_it_before_anything_that_can_get_stuck() =>
        ActOf(Unseen with { Violations = ["spec.aws.region: unknown"] })
            .ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon));

    [Fact]
    public void While_it_runs_nothing_is_written() => ActOf(Unseen with { UnseenOnRecord = Worlds.Noon })
        .ShouldBeNull();

    [Fact]
    public void A_look_that_sees_the_store_stops_it_once()
    {
        ActOf(Worlds.Open with { UnseenOnRecord = Worlds.Noon }).ShouldBe(new StoreAct.StopUnseenClock(Worlds.Noon));
        ActOf(Worlds.Open).ShouldBeOfType<StoreAct.WriteReport>();
    }

    [Fact]
    public void One_that_nobody_could_stop_gives_way_to_the_later_one()
    {
        var late = Unseen with { UnseenSince = Worlds.Noon.AddMinutes(5), UnseenOnRecord = Worlds.Noon };
        ActOf(late).ShouldBe(new StoreAct.StopUnseenClock(Worlds.Noon));
        ActOf(late with { UnseenOnRecord = null }).ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon.AddMinutes(5)));
    }

    [Fact]
    public void It_is_kept_of_a_store_that_is_paused_being_deleted_or_gone()
    {
        ActOf(Unseen with { IsPaused = true }).ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon));
        ActOf(Worlds.Open with { IsPaused = true }).ShouldBeNull("nothing else is done in a pause");
        ActOf(Unseen with { IsDeleting = true }).ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon));
        ActOf(Unseen with { IsDeleting = true, DeletionPolicy = DeletionPolicies.Delete })
            .ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon));
        ActOf(Unseen with { IsRecordedOnly = true }).ShouldBe(new StoreAct.StartUnseenClock(Worlds.Noon));
    }

    [Fact]
    public void A_record_that_can_not_be_trusted_keeps_none() =>
        ActOf(Unseen with { RecordFault = new RecordedFault("RecordUnreadable", "nonsense") }).ShouldBeNull();

    private static Act? ActOf(StoreWorld world) =>
        StorePlan.Choose(world).Steps.OfType<Step.Take>().SingleOrDefault()?.Act;
}
