using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class StoreVerdictTests
{
    private static readonly DateTimeOffset Noon = Worlds.Noon;

    public static TheoryData<string> Unjudged { get; } = ["key blind", "region blind"];

    [Theory]
    [MemberData(nameof(Unjudged))]
    public void A_key_that_nobody_could_judge_is_borne_until_its_max_staleness_ends_and_no_longer(string how)
    {
        var world = Spoilt(how) with { UnjudgedUntil = Noon };
        StoreVerdict.MustClose(world with { Now = Noon }).ShouldBeNull();
        StoreVerdict.MustClose(world with { Now = Noon.AddTicks(1) })
            .ShouldBe(new KeyJudgement.Revoked("KeyUnjudgedTooLong", Noon));
    }

    [Theory]
    [MemberData(nameof(Unjudged))]
    public void It_is_looked_at_again_when_that_max_staleness_ends(string how) =>
        StoreVerdict.StaleIn(Spoilt(how) with { UnjudgedUntil = Noon.AddSeconds(9) })
            .ShouldBe(TimeSpan.FromSeconds(10));

    [Fact]
    public void A_store_that_never_stood_anywhere_is_not_closed_for_a_key_that_nobody_judged() =>
        StoreVerdict.MustClose(Spoilt("key blind").With(StoreOwnership.Absent) with
        {
            IsPlaced = false, Binding = Fact.Seen<BindingFacts?>(null), UnjudgedUntil = Noon.AddHours(-1),
        }).ShouldBeNull();

    [Fact]
    public void A_key_that_is_gone_closes_what_has_a_place_though_nothing_can_be_seen_there() =>
        StoreVerdict.MustClose(
            Worlds.Closed with
            {
                Key = Fact.Seen<KeySnapshot?>(null),
                Target = Fact.Blind<TargetFacts>("Unreachable"),
            })!.Reason.ShouldBe("KeyMissing");

    [Fact]
    public void A_store_that_nobody_can_look_at_is_closed_though_its_key_was_not_judged_either() =>
        StoreVerdict.MustClose(Spoilt("key blind") with { UnseenSince = Noon.AddMinutes(-16) })!.Reason
            .ShouldBe("StoreUnseenTooLong");

    [Fact]
    public void The_earliest_of_all_clocks_wakes_the_store() =>
        StoreVerdict.StaleIn(Worlds.Open with { UnseenSince = Noon.AddMinutes(-5) })
            .ShouldBe(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

    private static StoreWorld Spoilt(string how) => Worlds.Open with
    {
        Key = how == "key blind" ? Fact.Blind<KeySnapshot?>("KeyNotJudgedYet") : Worlds.Judged(null),
    };
}
