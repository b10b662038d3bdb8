using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;
using ByokOperator.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

/// <summary>The change of key as the ladder alone has it, over a store that is open and well.</summary>
public sealed class KeyChangeLadderTests
{
    private const string NewId = "k-new";

    private static readonly DateTimeOffset Noon = Worlds.Noon;
    private static readonly KeyPin fresh = new(NewId, "m-new", "d-new");

    /// <summary>Somebody named another key a moment ago.</summary>
    private static StoreWorld Asked => Open with
    {
        Change = new KeyChange
        {
            Wanted = "new",
            Candidate = Candidate(new KeyJudgement.Usable(Noon)),
            Keeps = true,
            Overlap = TimeSpan.FromMinutes(15),
            Marked = Fact.Seen<IReadOnlyList<string>>(["k"]),
        },
    };

    private static StoreWorld Open =>
        Worlds.Open with { KeyName = "old", Report = Fact.Seen<ReportFacts?>(new ReportFacts(Noon, null, [], "Open")) };

    [Fact]
    public void The_story_of_a_change_that_keeps_the_old_objects()
    {
        List<string> story = [];
        var world = Asked;
        for (var turn = 0; turn < 20 && StorePlan.Choose(world).Steps is [Step.Take { Act: KeyChangeAct act }]; turn++)
        {
            story.Add($"{act}");
            world = After(world, act);
            StoreVerdict.MustClose(world).ShouldBeNull();
        }

        story.ShouldBe(
        [
            $"PinNewKey {{ IsDestructive = True, Begins = True, Name = new, Pin = {fresh} }}",
            // the mark beside the data, where a crash came between
            $"PinNewKey {{ IsDestructive = True, Begins = True, Name = new, Pin = {fresh} }}",
            $"Admit {{ IsDestructive = True, Begins = True, Name = new, Pin = {fresh} }}",
            $"Redirect {{ IsDestructive = True, Begins = True, From = old, Name = new, Pin = {fresh} }}",
            "StartOverlap { IsDestructive = True, Begins = False, Name = old }",
        ]);
        var waiting = StorePlan.Choose(world);
        (waiting.Steps.ShouldHaveSingleItem(),
            waiting.LookAgainWithin).ShouldBe((new Step.Rest(), TimeSpan.FromMinutes(15)),
                "the overlap is what the spec asks for");
        world = Proved(world, Noon.AddMinutes(15));
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldBe(new KeyChangeAct.Refuse("old"));
        world = After(world, new KeyChangeAct.Refuse("old"));
        KeyChangeLadder.IsNeeded(world).ShouldBeFalse("both stay pinned, and that is all that was asked for");
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Rest>();
    }

    [Theory]
    [InlineData(PinStages.Pinned)]
    [InlineData(PinStages.Admitted)]
    [InlineData(PinStages.Leaving)]
    [InlineData(PinStages.Refused)]
    public void Either_key_that_is_revoked_on_the_way_closes_the_store_and_nothing_of_the_change_goes_on(string stage)
    {
        var world = On(Asked, stage);
        StoreVerdict.MustClose(world).ShouldBeNull();
        foreach (var revoked
            in new[]
            {
                world with { Key = Worlds.Revoked.Key },
                world with
                {
                    AlsoPinned =
                    [
                        world.AlsoPinned[0] with { Standing = Standing(new KeyJudgement.Revoked("KeyDisabled", Noon)) },
                    ],
                },
            })
        {
            var plan = StorePlan.Choose(revoked);
            plan.Name.ShouldBe(StorePlan.Closing);
            plan.Steps.OfType<Step.Take>()
                .ShouldAllBe(step => StoreActs.Closes(step.Act) || step.Act is StoreAct.WriteReport);
            StoreVerdict.MustClose(revoked)!.KeyName.ShouldNotBeNull();
        }
    }

    public static TheoryData<string, string> NotUsable => new()
    {
        { "absent", "NewKeyNotUsable" }, { "revoked", "NewKeyNotUsable" }, { "unknown", "NewKeyNotUsable" },
        { "standby", "NewKeyNotUsable" }, { "archived", "NewKeyNotUsable" },
        { "going", "NewKeyNotUsable" }, { "no region", "NewKeyNotUsable" }, { "other cloud", "OtherCloud" },
        { "same key", "SameKey" }, { "not granted", "NotGranted" },
        { "reencrypt", "ReencryptionNotSupported" }, { "too many", "TooManyKeys" },
    };

    [Theory]
    [MemberData(nameof(NotUsable))]
    public void A_new_key_that_can_not_be_used_is_told_and_changes_nothing(string how, string reason)
    {
        var world = Spoilt(how);
        var halt = StorePlan.Choose(world).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Halt>();
        (halt.Rung, halt.Reason).ShouldBe(("NewKeyUsable", reason));
        StoreVerdict.MustClose(world).ShouldBeNull();
        StorePlan.Choose(world with { Binding = Fact.Seen<BindingFacts?>(null) }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<StoreAct.Bind>("the store goes on");
    }

    [Fact]
    public void A_key_that_nobody_judged_yet_is_awaited() =>
        StorePlan.Choose(
            With(Asked,
                change =>
                    change with
                    {
                        Candidate = Candidate(null) with { Standing = Fact.Blind<KeySnapshot?>("KeyNotJudgedYet") },
                    }))
            .Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Wait>().Reason.ShouldBe("KeyNotJudgedYet");

    [Fact]
    public void Going_back_before_anything_was_admitted_takes_the_new_key_off_the_list_and_after_that_refuses_it()
    {
        var back = (StoreWorld world) => With(world, change => change with { Wanted = null, Candidate = null });
        Act(back(On(Asked, PinStages.Pinned))).ShouldBe(new KeyChangeAct.Unpin("new"));
        Act(back(On(Asked, PinStages.Admitted)))
            .ShouldBe(new KeyChangeAct.Refuse("new"), "something may stand under it");
        KeyChangeLadder.IsNeeded(back(Asked)).ShouldBeFalse();
    }

    [Fact]
    public void
        A_new_key_that_is_lost_before_anything_stands_under_it_is_given_up_by_going_back()
    {
        var shut = Worlds.Closed with
        {
            KeyName = "old",
            Key = Worlds.Open.Key,
            WantedKey = "new",
            Report = Fact.Seen<ReportFacts?>(new ReportFacts(Noon, null, [], "Closed")),
        };
        PinnedKey Lost(string stage) =>
            On(Asked, stage).AlsoPinned
                .Single() with { Stage = stage, Standing = Standing(new KeyJudgement.Revoked("KeyMissing", Noon)) };
        var lost = shut with { AlsoPinned = [Lost(PinStages.Pinned)] };
        StorePlan.Choose(lost).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Wait>().Reason.ShouldBe("KeyMissing");
        StoreLadder.KeyUsableRung.Look(lost)
            .ShouldBeOfType<Finding.Pending>().Message
            .ShouldEndWith("or spec.keyRef.name is old again, for nothing stands under it yet");

        var back = lost with { WantedKey = null };
        Act(back).ShouldBe(new KeyChangeAct.Unpin("new"));
        StorePlan.Choose(back with { Key = Worlds.Revoked.Key }).Steps
            .ShouldAllBe(step => step is Step.Wait, "its own key is revoked too");
        StorePlan.Choose(back with { IsPaused = true }).Steps.ShouldAllBe(step => step is Step.Wait);
        StorePlan.Choose(back with { AlsoPinned = [Lost(PinStages.Admitted)] }).Steps
            .ShouldAllBe(step => step is Step.Wait, "something may stand under it");
    }

    [Fact]
    public void A_third_key_named_on_the_way_waits_until_the_second_is_there()
    {
        var third = (StoreWorld world) =>
            With(world,
                change =>
                    change with
                    {
                        Wanted = "third",
                        Candidate = new PinnedKey("third", null,
                            Standing(new KeyJudgement.Usable(Noon), new KeyPin("k-third", null, "d-third"))),
                    });
        Act(third(On(Asked, PinStages.Pinned))).ShouldBe(new KeyChangeAct.Admit("new", fresh));
        Act(third(On(Asked, PinStages.Admitted))).ShouldBe(new KeyChangeAct.Redirect("old", "new", fresh));
        var leaving = third(On(Asked, PinStages.Leaving));
        StorePlan.Choose(leaving).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("ChangeUnderWay");
        Act(Proved(leaving, Noon.AddMinutes(15))).ShouldBe(new KeyChangeAct.Refuse("old"));
        Act(third(On(Asked, PinStages.Refused))).ShouldBeOfType<KeyChangeAct.PinNewKey>().Name.ShouldBe("third");
    }

    [Fact]
    public void A_key_that_old_objects_stand_under_may_become_the_default_s_again()
    {
        var returns = With(On(Asked, PinStages.Refused),
            change => change with { Wanted = "old", Marked = Fact.Seen<IReadOnlyList<string>>(["k", NewId]) });
        Act(returns).ShouldBe(new KeyChangeAct.Admit("old", Worlds.Pin));
    }

    [Fact]
    public void An_account_s_old_key_is_let_go_once_the_root_key_is_under_the_new_one_and_not_before()
    {
        var world = With(On(Asked, PinStages.Leaving),
            change => change with { IsRewrapped = true, RootKey = Fact.Seen<string?>("k") });
        Act(world).ShouldBe(new KeyChangeAct.Refuse("old"), "whatever is written there is under the root key");
        world = After(world, new KeyChangeAct.Refuse("old"));
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("RootKeyNotRewrapped");
        StorePlan.Choose(With(world, change => change with { RootKey = Fact.Blind<string?>("Unreachable") })).Steps
            .ShouldHaveSingleItem().ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Unreachable");
        Act(With(world, change => change with { RootKey = Fact.Seen<string?>(NewId) }))
            .ShouldBe(new KeyChangeAct.Release("old"));
    }

    private static KeyChangeAct Act(StoreWorld world) =>
        StorePlan.Choose(world).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldBeAssignableTo<KeyChangeAct>()!;

    private static StoreWorld With(StoreWorld world, Func<KeyChange, KeyChange> change) =>
        world with { Change = change(world.Change!) };

    private static StoreWorld Spoilt(string how) => how switch
    {
        "absent" =>
            With(Asked,
                change =>
                    change with { Candidate = change.Candidate! with { Standing = Fact.Seen<KeySnapshot?>(null) } }),
        "revoked" =>
            With(Asked, change => change with { Candidate = Candidate(new KeyJudgement.Revoked("KeyDisabled", Noon)) }),
        "unknown" =>
            With(Asked, change => change with { Candidate = Candidate(new KeyJudgement.Unknown("Unreachable", Noon)) }),
        "standby" => Stated(key => key with { State = KeyStates.Standby }),
        "archived" => Stated(key => key with { State = KeyStates.Archived }),
        "going" => Stated(key => key with { IsDeleting = true }),
        "no region" =>
            Stated(key => key with { Regions = new Dictionary<string, RegionSnapshot> { ["r2"] = key.Regions["r"] } }),
        "other cloud" =>
            Stated(key =>
                key with { Regions = new Dictionary<string, RegionSnapshot> { ["global"] = key.Regions["r"] } }),
        "same key" =>
            Stated(key =>
                key with
                {
                    Regions = new Dictionary<string, RegionSnapshot> { ["r"] = key.Regions["r"] with { KeyId = "k" } },
                }),
        "not granted" =>
            With(Asked,
                change => change with { Refusal = Fact.Seen<Ruling.Refused?>(new Ruling.Refused("NotGranted", "x")) }),
        "reencrypt" =>
            With(Asked,
                change =>
                    change with
                    {
                        Keeps = false,
                        Reencryption = new() { Engine = Fact.Seen<ReencryptionEngine?>(null) },
                    }),
        _ =>
            Asked with
            {
                AlsoPinned = [.. Enumerable.Range(0, 8)
                    .Select(one =>
                        new PinnedKey($"k{one}", Worlds.Pin with { KeyId = $"k{one}" },
                            Standing(new KeyJudgement.Usable(Noon), Worlds.Pin with { KeyId = $"k{one}" })))],
            },
    };

    private static StoreWorld Stated(Func<KeySnapshot, KeySnapshot> edit) =>
        With(Asked,
            change =>
                change with
                {
                    Candidate = change.Candidate! with
                    {
                        Standing = change.Candidate.Standing.Select(key => key is null ? null : edit(key)),
                    },
                });

    private static PinnedKey Candidate(KeyJudgement? judgement) => new("new", null, Standing(judgement));

    private static Fact<KeySnapshot?> Standing(KeyJudgement? judgement, KeyPin? pin = null) =>
        Fact.Seen<KeySnapshot?>(new KeySnapshot(
            "uid-new", KeyStates.Active, IsDeleting: false, TimeSpan.FromMinutes(15),
            new Dictionary<string, RegionSnapshot>
            {
                ["r"] = new((pin ?? fresh).KeyId, judgement is null ? Fact.Blind<KeyJudgement>("NotJudged")
                    : Fact.Seen(judgement), pin ?? fresh),
            }));

    /// <summary>As far as this stage.</summary>
    private static StoreWorld On(StoreWorld world, string stage)
    {
        KeyChangeAct[] all =
        [
            new KeyChangeAct.PinNewKey("new", fresh), new KeyChangeAct.PinNewKey("new", fresh),
            new KeyChangeAct.Admit("new", fresh),
            new KeyChangeAct.Redirect("old", "new", fresh), new KeyChangeAct.StartOverlap("old"),
            new KeyChangeAct.Refuse("old"),
        ];
        var until = stage switch { PinStages.Pinned => 2, PinStages.Admitted => 3, PinStages.Leaving => 5, _ => 6 };
        return all.Take(until).Aggregate(world, After);
    }

    /// <summary>What the executors make of the world; the first pinning is interrupted
    /// before the mark was written.</summary>
    private static StoreWorld After(StoreWorld world, KeyChangeAct act) => act switch
    {
        KeyChangeAct.PinNewKey pin
            when world.AlsoPinned.Any(key => key.Name == pin.Name) =>
                With(world, change => change with { Marked = Fact.Seen<IReadOnlyList<string>>(["k", NewId]) }),
        KeyChangeAct.PinNewKey pin =>
            world with
            {
                AlsoPinned =
                    [.. world.AlsoPinned, world.Change!.Candidate! with { Pin = pin.Pin, Stage = PinStages.Pinned }],
            },
        KeyChangeAct.Admit admit => Staged(world, admit.Name, key => key with { Stage = PinStages.Admitted }),
        KeyChangeAct.Redirect redirect => Redirected(world, redirect),
        KeyChangeAct.StartOverlap start => Staged(world, start.Name, key => key with { Since = world.Now }),
        KeyChangeAct.Refuse refuse => Staged(world, refuse.Name, key => key with { Stage = PinStages.Refused }),
        _ => throw new NotSupportedException($"{act}"),
    };

    private static StoreWorld Redirected(StoreWorld world, KeyChangeAct.Redirect redirect)
    {
        var incoming = world.AlsoPinned.Single(key => key.Name == redirect.Name);
        return With(world,
            change => change.Wanted == redirect.Name ? change with { Wanted = null, Candidate = null } : change) with
        {
            KeyName = incoming.Name,
            Key = incoming.Standing,
            Pin = Fact.Seen(incoming.Pin),
            AlsoPinned =
                [.. world.AlsoPinned.Where(key => key != incoming), world.Active with { Stage = PinStages.Leaving }],
        };
    }

    private static StoreWorld Staged(StoreWorld world, string name, Func<PinnedKey, PinnedKey> edit) =>
        world with { AlsoPinned = [.. world.AlsoPinned.Select(key => key.Name == name ? edit(key) : key)] };

    /// <summary>Later, with both keys proved anew.</summary>
    private static StoreWorld Proved(StoreWorld world, DateTimeOffset now) => world with
    {
        Now = now,
        Key = Standing(new KeyJudgement.Usable(now)),
        AlsoPinned =
            [.. world.AlsoPinned.Select(key => key with { Standing = Worlds.Judged(new KeyJudgement.Usable(now)) })],
    };
}
