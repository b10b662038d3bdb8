using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reencrypting;

/// <summary>From the refusal of the old key to its release, as the ladder alone has it,
/// over a store that is open and well.</summary>
public sealed class ReencryptionLadderTests
{
    private const string Run = "rekey-1";

    private static readonly DateTimeOffset Noon = Worlds.Noon;
    private static readonly KeyPin Old = new("k-old", "m-old", "d-old");

    /// <summary>On its new key, the old one refused, and nothing done about the objects that stand there.</summary>
    private static StoreWorld Refused => Worlds.Open with
    {
        KeyName = "new",
        Report = Fact.Seen<ReportFacts?>(new ReportFacts(Noon, null, [], "Open")),
        AlsoPinned = [OldKey("old", Old)],
        Change = new KeyChange
        {
            Overlap = TimeSpan.FromMinutes(15),
            Reencryption = new ReencryptionFacts
            {
                Wanted = Run, Engine = Fact.Seen<ReencryptionEngine?>(ReencryptionEngine.Update),
                Run = Fact.Seen<CopyFacts?>(null), OldUploads = Fact.Seen(0),
            },
        },
    };

    [Fact]
    public void The_story_of_objects_that_are_put_under_the_new_key()
    {
        var world = With(Refused with { AlsoPinned = [OldKey("old", Old) with { Since = null }] },
            facts => facts with { OldUploads = Fact.Seen(2) });
        Take(world).Reason.ShouldBe("RefusalNotDated");
        Act(world)
            .ShouldBe(new KeyChangeAct.Refuse("old"),
                "whatever began before the store was seen to refuse may still come under the old key");
        world = world with { AlsoPinned = Refused.AlsoPinned };
        Act(world).ShouldBe(new KeyChangeAct.AbortUploads(Run));
        world = With(world, facts => facts with { OldUploads = Fact.Seen(0) });
        Take(world)
            .ShouldBe(
                new Step.Take("ObjectsReencrypted", "ReencryptionNotStarted",
                    new KeyChangeAct.StartReencryption(Run, 1)));
        world = Running(world);
        Reason(world).ShouldBe("ReencryptionRunning");
        StoreController.Choose(world).LookAgainWithin
            .ShouldBe(TimeSpan.FromSeconds(10), "somebody watches how far it is");
        world = Ran(world, new CopyFacts(Run, JobOutcome.Succeeded, 0));
        Act(With(world, facts => facts with { OldUploads = Fact.Seen(1) }))
            .ShouldBe(new KeyChangeAct.AbortUploads(Run));
        Reason(With(world, facts => facts with { OldUploads = Fact.Blind<int>("Throttled") })).ShouldBe("Throttled");
        Act(world).ShouldBe(new KeyChangeAct.ReleaseAll(Run));
        world = With(world with { AlsoPinned = [] },
            facts => facts with { Wanted = null, Run = Fact.Blind<CopyFacts?>("NotLooked"), OtherRuns = [Run] });
        Act(world).ShouldBe(new KeyChangeAct.StopReencryption(Run), "its Job is of no use any more");
        KeyChangeLadder.IsNeeded(With(world, facts => facts with { OtherRuns = [] })).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Either_key_that_is_revoked_meanwhile_closes_the_store_and_nothing_is_begun_or_released(bool isOld)
    {
        foreach (var world
            in (StoreWorld[])[Refused, Running(Refused), Ran(Refused, new CopyFacts(Run, JobOutcome.Succeeded, 0))])
        {
            StoreVerdict.MustClose(world).ShouldBeNull();
            var revoked = isOld
                ? world with
                {
                    AlsoPinned =
                    [
                        OldKey("old",
                            Old) with { Standing = Worlds.Judged(new KeyJudgement.Revoked("KeyDisabled", Noon)) },
                    ],
                }
                : world with { Key = Worlds.Revoked.Key };
            var plan = StorePlan.Choose(revoked);
            plan.Name.ShouldBe(StorePlan.Closing);
            plan.Steps.OfType<Step.Take>()
                .ShouldAllBe(step => StoreActs.Closes(step.Act) || step.Act is StoreAct.WriteReport);
        }
    }

    [Fact]
    public void Workers_of_what_is_not_wanted_any_more_are_ended_before_anything_else()
    {
        var stale = With(Refused, facts => facts with { OtherRuns = ["rekey-0"] });
        Act(stale).ShouldBe(new KeyChangeAct.StopReencryption("rekey-0"));
        Act(stale with { Change = stale.Change! with { Keeps = true } })
            .ShouldBe(new KeyChangeAct.StopReencryption("rekey-0"), "Keep was written while they were at it");
        Reason(With(Refused, facts => facts with { DoOthersStand = true }))
            .ShouldBe("OtherRunStands", "they are deleted, and waited for");
    }

    [Fact]
    public void Objects_that_are_to_be_kept_are_not_touched()
    {
        var kept = Refused with { Change = Refused.Change! with { Keeps = true } };
        KeyChangeLadder.IsNeeded(kept).ShouldBeFalse();
        StorePlan.Choose(kept).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Rest>();
    }

    [Fact]
    public void While_another_key_is_on_its_way_out_nothing_is_put_under_the_new_one_yet()
    {
        var leaving = Refused with
        {
            AlsoPinned = [OldKey("first", Worlds.Pin with { KeyId = "k-first" }),
                OldKey("old", Old) with { Stage = PinStages.Leaving }],
        };
        StorePlan.Choose(leaving).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Rest>();
        Act(
            leaving with
            {
                Now = Noon.AddMinutes(14),
                AlsoPinned = [leaving.AlsoPinned[0], leaving.AlsoPinned[1] with { Since = Noon.AddHours(-1) }],
            }).ShouldBe(new KeyChangeAct.Refuse("old"));
    }

    [Fact]
    public void A_third_key_named_meanwhile_waits_until_the_old_one_is_released()
    {
        var third = (StoreWorld world) =>
            world with
            {
                Change = world.Change! with
                {
                    Wanted = "third",
                    Candidate = new PinnedKey("third", null, Fact.Seen<KeySnapshot?>(null)),
                },
            };
        Reason(third(Running(Refused))).ShouldBe("ReencryptionRunning");
        Act(third(Ran(Refused, new CopyFacts(Run, JobOutcome.Succeeded, 0))))
            .ShouldBe(new KeyChangeAct.ReleaseAll(Run));
    }

    [Fact]
    public void Versions_under_a_key_of_another_account_are_told_with_the_way_out()
    {
        var halt = Halt(With(Refused, facts => facts with { Engine = Fact.Seen<ReencryptionEngine?>(null) }));
        (halt.Rung, halt.Reason).ShouldBe(("ObjectsReencrypted", "ReencryptionNotSupported"));
        StorePlan.Choose(
            With(Refused, facts => facts with { Engine = Fact.Blind<ReencryptionEngine?>("Unreachable") })).Steps
                .ShouldHaveSingleItem().ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Unreachable");
    }

    [Fact]
    public void A_run_that_gets_on_no_more_says_what_it_waits_for()
    {
        var silent = Ran(Refused,
            new CopyFacts(Run, JobOutcome.Running, 0)
            {
                HeardAt = Noon.AddMinutes(-16),
                AdvancedAt = Noon.AddMinutes(-16),
            });
        Halt(silent).Reason.ShouldBe("ReencryptionStalled");
        Message(silent).ShouldContain("a worker, of which nothing was heard since");
    }

    [Fact]
    public void A_run_that_fails_is_begun_again_and_not_for_ever()
    {
        Act(Ran(Refused, new CopyFacts(Run, JobOutcome.Failed, 1)))
            .ShouldBe(new KeyChangeAct.StartReencryption(Run, 2));
        Halt(Ran(Refused, new CopyFacts(Run, JobOutcome.Failed, CopyRules.MaxFailedAttempts))).Reason
            .ShouldBe("ReencryptionFails");
    }

    [Fact]
    public void Objects_that_are_refused_are_told_at_once_and_tried_again_in_good_time_or_when_somebody_asks()
    {
        var refusal = new CopyRefusal
        {
            Attempt = 2,
            At = Noon.AddMinutes(-1),
            Count = 1,
            Objects = [new RefusedObject("acme/a", null, "ObjectLocked", "wait for its end")],
        };
        var running = Ran(Refused, new CopyFacts(Run, JobOutcome.Running, 0) { Refusal = refusal });
        (Halt(running).Reason,
            Message(running)).ShouldBe(
                ("ObjectsRefused", "1 object can't be put under the new key: 'acme/a': wait for its end"));
        Act(
            running with
            {
                Now = Noon.AddMinutes(10),
                Key = Worlds.Judged(new KeyJudgement.Usable(Noon.AddMinutes(10))),
            })
            .ShouldBe(new KeyChangeAct.StopReencryption(Run), "an older server does not end it");

        var ended = Ran(Refused, new CopyFacts(Run, JobOutcome.Failed, 0) { Refusal = refusal });
        Message(ended)
            .ShouldEndWith(
                ". It is tried again at 2026-01-01 12:09:00Z, or as soon as the annotation byok.dev/reconcile-at is "
                    + "set anew");
        Act(With(ended, facts => facts with { IsAsked = true })).ShouldBe(new KeyChangeAct.StartReencryption(Run, 3));
        Act(ended with { Now = Noon.AddMinutes(9) }).ShouldBe(new KeyChangeAct.StartReencryption(Run, 3));
        Halt(
            Ran(Refused,
                ended.Change!.Reencryption.Run.ForDisplay()! with
                {
                    Refusal = refusal with { Objects = [], Reason = "the bucket keeps versions" },
                })).Reason.ShouldBe("ReencryptionRefused");
    }

    private static PinnedKey OldKey(string name, KeyPin pin) => new(name, pin, Fact.Seen<KeySnapshot?>(new KeySnapshot(
        $"uid-{name}", KeyStates.Active, IsDeleting: false, TimeSpan.FromMinutes(15),
        new Dictionary<string, RegionSnapshot>
        {
            ["r"] = new(pin.KeyId, Fact.Seen<KeyJudgement>(new KeyJudgement.Usable(Noon)), pin),
        })))
    {
        Stage = PinStages.Refused, Since = Noon.AddMinutes(-5),
    };

    private static StoreWorld With(StoreWorld world, Func<ReencryptionFacts, ReencryptionFacts> edit) =>
        world with { Change = world.Change! with { Reencryption = edit(world.Change.Reencryption) } };

    private static StoreWorld Ran(StoreWorld world, CopyFacts run) =>
        With(world, facts => facts with { Run = Fact.Seen<CopyFacts?>(run) });

    private static StoreWorld Running(StoreWorld world) =>
        Ran(world, new CopyFacts(Run, JobOutcome.Running, 0) { HeardAt = Noon, AdvancedAt = Noon });

    private static Step.Take Take(StoreWorld world) =>
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Take>();

    private static Act Act(StoreWorld world) => Take(world).Act;

    private static string Reason(StoreWorld world) =>
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Wait>().Reason;

    private static Step.Halt Halt(StoreWorld world) =>
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Halt>();

    private static string Message(StoreWorld world) =>
        ReencryptionLadder.ObjectsReencrypted(world).ShouldBeOfType<Finding.Stuck>().Message;
}
