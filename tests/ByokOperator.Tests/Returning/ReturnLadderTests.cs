using Byok.Copying;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Returning;

/// <summary>The way back, rung by rung: what is done next, what is waited for,
/// and what only a person can mend.</summary>
public sealed class ReturnLadderTests
{
    private static readonly SourceFacts fenced =
        new(Exists: true, IsEmpty: false, Fence: "f1", FencedSince: Worlds.Noon);

    [Fact]
    public void A_store_whose_key_was_taken_away_goes_on_until_somebody_consents_by_name()
    {
        var (step, message) = Next(ReturnWorlds.Asked);
        step.ShouldBe(new Step.Halt("ReturnConfirmed", "ReturnNotConfirmed"));
        message.ShouldContain("byok.dev/confirm-return: store/key");
        message.ShouldContain(KeyRef.StoreManaged);
        Next(ReturnWorlds.Asked with { Binding = Fact.Seen<BindingFacts?>(null) }).Step.ShouldBeOfType<Step.Take>().Act
            .ShouldBeOfType<StoreAct.Bind>();
        StoreVerdict.MustClose(ReturnWorlds.Asked).ShouldBeNull();
    }

    [Fact]
    public void What_is_under_way_is_brought_to_its_end_first()
    {
        var moving = ReturnWorlds.Confirmed with
        {
            Migration = ReturnWorlds.Confirmed.Migration! with
            {
                Retired = Fact.Seen<string?>(null),
                KeepSourceFor = TimeSpan.FromHours(1),
            },
        };
        moving = moving with { Migration = moving.Migration! with { Source = Fact.Seen(fenced) } };
        Next(moving).Step.ShouldBeOfType<Step.Wait>().Reason.ShouldBe("ReturnWaits");
        Next(ReturnWorlds.Confirmed with { Change = new KeyChange { Wanted = "other" } }).Step
            .ShouldNotBeOfType<Step.Take>();
    }

    [Fact]
    public void It_is_written_down_before_the_place_is_held_and_held_before_it_begins()
    {
        var intended = ReturnWorlds.Confirmed.With(back => back with { Known = new(ReturnWorlds.Consent) });
        Taken(ReturnWorlds.Confirmed, "ReturnNotRecorded").ShouldBe(new ReturnAct.Intend(ReturnWorlds.Consent));
        Taken(intended, "SharedPlaceOpen").ShouldBe(new ReturnAct.HoldPlace(ReturnWorlds.Consent));
        Taken(intended.Placed(place => place with { Hold = "h1" }), "ReturnNotBegun")
            .ShouldBe(new ReturnAct.Begin(ReturnWorlds.Consent, "h1", ReturnWorlds.Default));
    }

    public static TheoryData<string> Unready => [.. spoiled.Keys];

    private static readonly Dictionary<string, Func<ReturnPlace, ReturnPlace>> spoiled = new()
    {
        ["SharedPlaceMissing"] = place => place with { Exists = false },
        ["SharedPlaceElsewhere"] = place =>
            place with { Unfit = new CloudProblem.Refused("SharedPlaceElsewhere", "another region") },
        ["SharedPlaceNotEmpty"] = place => place with { IsEmpty = false },
        ["SharedPlaceKeepsNoVersions"] = place => place with { LosesVersions = true },
        ["SharedDefaultUnclear"] = place =>
            place with { Default = new SharedDefault("aws:kms", null, BucketKey: false) },
        ["SharedPlaceUnderTenantKey"] = place => place with { IsUnderTenantKey = true },
    };

    [Theory]
    [MemberData(nameof(Unready))]
    public void A_place_that_data_can_t_go_back_to_is_told_before_anything_is_written_there(string reason)
    {
        var (step, message) = Next(ReturnWorlds.Confirmed.Placed(spoiled[reason]));
        step.ShouldBe(new Step.Halt("SharedPlaceReady", reason));
        message.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("AES256", null, true)]
    [InlineData("aws:kms", "arn:aws:kms:eu-west-1:111111111111:key/1", true)]
    [InlineData("aws:kms", "arn:aws:kms:eu-west-1:111111111111:alias/backups", false)]
    [InlineData("aws:kms", "1234", false)]
    [InlineData("aws:kms", null, false)]
    [InlineData("aws:kms:dsse", "arn:aws:kms:eu-west-1:111111111111:key/1", false)]
    [InlineData("AES256", "arn:aws:kms:eu-west-1:111111111111:key/1", false)]
    [InlineData("Microsoft.Storage", null, true)]
    [InlineData("Microsoft.Storage", "https://platform.vault.azure.net/keys/backups", false)]
    [InlineData("Microsoft.Keyvault", "https://platform.vault.azure.net/keys/backups", true)]
    [InlineData("Microsoft.Keyvault", "https://platform.vault.azure.net/keys/backups/0123", false)]
    [InlineData("Microsoft.Keyvault", "http://platform.vault.azure.net/keys/backups", false)]
    [InlineData("Microsoft.Keyvault", null, false)]
    [InlineData("the encryption scope theirs", null, false)]
    public void Only_an_encryption_that_each_copy_can_be_proved_to_stand_under_will_do(
        string algorithm, string? key, bool will) =>
        (ReturnWorlds.Place with { Default = new SharedDefault(algorithm, key, BucketKey: false) })
            .Unready("set spec.keyRef back")?.Reason.ShouldBe(will ? null : "SharedDefaultUnclear");

    [Fact]
    public void The_move_back_is_the_move_s_own_ladder_on_the_way_back()
    {
        Taken(ReturnWorlds.Begun, "CopyNotStarted")
            .ShouldBe(new MigrationAct.StartCopy("bulk-spec", 1, null, null) { IsReturn = true });
        var bulk = ReturnWorlds.Begun.Moving(move => move with { Copies = Copies("bulk-spec") });
        Taken(bulk, "WritesOpen").ShouldBe(new MigrationAct.RaiseFence("spec") { IsReturn = true });
        var held = bulk.Moving(move => move with { Source = Fact.Seen(fenced) });
        Taken(held, "CopyNotStarted")
            .ShouldBe(new MigrationAct.StartCopy("delta-spec-f1", 1, "bulk-spec", "f1") { IsReturn = true });
        var delta = held.Moving(move => move with { Copies = Copies("bulk-spec", "delta-spec-f1") });
        Taken(delta, "NoReceipt")
            .ShouldBe(new MigrationAct.WriteReceipt("scope", "f1", "delta-spec-f1", null) { IsReturn = true });
        var verified = delta.Moving(move =>
            move with { Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts("scope", "f1", "r1")) });
        Taken(verified, "ServedFromSource").ShouldBe(new MigrationAct.MarkServed("r1", "f1") { IsReturn = true });
    }

    [Fact]
    public void A_fence_on_the_store_whose_time_is_over_is_given_up_like_any_other() =>
        Taken(
            ReturnWorlds.Begun.Moving(move =>
                move with
                {
                    Copies = Copies("bulk-spec"),
                    Source = Fact.Seen(fenced with { FencedSince = Worlds.Noon - TimeSpan.FromHours(2) }),
                }), "FenceTimedOut")
            .ShouldBe(new MigrationAct.GiveUpFence("f1") { IsReturn = true });

    [Fact]
    public void A_hold_that_somebody_took_away_stops_everything_before_the_switch_and_nothing_after_it()
    {
        foreach (var hold in (string?[])[null, "h2"])
        {
            Next(ReturnWorlds.Begun.Placed(place => place with { Hold = hold })).Step
                .ShouldBe(new Step.Halt("SharedPlaceHeld", "SharedPlaceNotHeld"));
            var copying =
                ReturnWorlds.Begun.Placed(place => place with { Hold = hold }) with { CopyJobs = Fact.Seen(1) };
            Taken(copying, "SharedPlaceNotHeld").ShouldBeOfType<StoreAct.StopCopies>(
                "it would write over what somebody writes there now");
        }

        Taken(ReturnWorlds.Served, "SourcePresent").ShouldBeOfType<MigrationAct.RetireBatch>().IsReturn.ShouldBeTrue();
    }

    [Fact]
    public void After_the_switch_the_binding_leads_back_the_hold_goes_and_then_the_old_copy()
    {
        var unbound = ReturnWorlds.Served.Placed(place => place with { Hold = "h1" })
            .Moving(move => move with { Binding = Fact.Seen<BindingFacts?>(null) });
        Taken(unbound, "BindingNotSwitched").ShouldBe(new MigrationAct.ServeTarget("shared", "r1") { IsReturn = true });
        Taken(ReturnWorlds.Served.Placed(place => place with { Hold = "h1" }), "HoldStands")
            .ShouldBe(new ReturnAct.ReleasePlace("h1"));
        Taken(ReturnWorlds.Served with { Workloads = Fact.Seen(new WorkloadState(0, 2)) }, "WorkloadsSuspended")
            .ShouldBeOfType<StoreAct.ResumeWorkloads>();
        Taken(ReturnWorlds.Served, "SourcePresent")
            .ShouldBe(new MigrationAct.RetireBatch("r1", "f1", "shared") { IsReturn = true });
    }

    [Fact]
    public void What_nobody_may_start_yet_holds_the_end_of_the_store_up()
    {
        var region = new Dictionary<string, ByokOperator.Keys.RegionSnapshot>
        {
            ["r"] = new("k",
                Fact.Seen<ByokOperator.Keys.KeyJudgement>(new ByokOperator.Keys.KeyJudgement.Usable(Worlds.Noon)),
                Worlds.Pin) { Unconfirmed = Fact.Blind<ByokOperator.Keys.UnconfirmedVersion?>("Throttled") },
        };
        var standing = new ByokOperator.Keys.KeySnapshot("key", ByokOperator.Api.KeyStates.Active, IsDeleting: false,
            TimeSpan.FromMinutes(15), region);
        var waiting = ReturnWorlds.Served with
        {
            Key = Fact.Seen<ByokOperator.Keys.KeySnapshot?>(standing),
            Workloads = Fact.Seen(new WorkloadState(0, 2)),
        };
        Next(waiting).Step.ShouldBeOfType<Step.Wait>()
            .ShouldBe(new Step.Wait("WorkloadsRunning", "WorkloadsSuspended", TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_switch_is_not_taken_back_by_a_key_that_is_named_again() =>
        Next(ReturnWorlds.Served.With(back => back with { IsAsked = false, IsConfirmed = false })).Step
            .ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<MigrationAct.RetireBatch>();

    [Fact]
    public void Once_nothing_is_left_in_it_the_store_ends_without_asking_its_key()
    {
        var gone = ReturnWorlds.Retired with { Key = Worlds.Revoked.Key };
        var plan = StorePlan.Choose(gone);
        plan.Name.ShouldBe(StorePlan.Left);
        plan.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Take>().Act.ShouldBeOfType<StoreAct.RevokeGrant>();
        Taken(gone with { IsGranted = Fact.Seen(false) }, "StoreStands").ShouldBe(new ReturnAct.DeleteStore("r1"));
        Taken(gone.With(StoreOwnership.Absent) with { IsGranted = Fact.Seen(false) }, "StoreStands")
            .ShouldBe(new ReturnAct.DeleteStore("r1"), "its record stands still");
        Next(gone.With(StoreOwnership.Stranger) with { IsGranted = Fact.Seen(false) }).Step
            .ShouldBe(new Step.Halt("StoreDeleted", "NameTaken"));
        StorePlan.Choose(gone with { IsPaused = true }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("Paused");
    }

    public static TheoryData<string> TakenBack => ["named again", "consent gone"];

    [Theory]
    [MemberData(nameof(TakenBack))]
    public void What_is_not_wanted_any_more_is_taken_back_to_the_last_trace(string how)
    {
        var back = ReturnWorlds.Begun.With(one =>
            how == "named again" ? one with { IsAsked = false }
                : one with { IsConfirmed = false }).Placed(place => place with { IsEmpty = false })
            .Moving(move => move with { Source = Fact.Seen(fenced) }) with
        {
            CopyJobs = Fact.Seen(2),
        };
        Taken(back, "CopyJobsStand").ShouldBeOfType<StoreAct.StopCopies>();
        back = back with { CopyJobs = Fact.Seen(0) };
        Taken(back, "FenceStands").ShouldBe(new MigrationAct.LiftFence("f1") { IsReturn = true });
        back = back.Moving(move => move with { Source = Fact.Seen(fenced with { Fence = null }) });
        Taken(back, "CopiesStand").ShouldBe(new ReturnAct.ClearPlace("h1"));
        Next(back.Placed(place => place with { Hold = "h2" })).Step
            .ShouldBe(new Step.Halt("SharedPlaceCleared", "SharedPlaceNotHeld"));
        back = back.Placed(place => place with { IsEmpty = true });
        Taken(back, "HoldStands").ShouldBe(new ReturnAct.ReleasePlace("h1"));
        Taken(back.Placed(place => place with { Hold = null }), "ReturnOnRecord")
            .ShouldBe(new ReturnAct.GiveUp(ReturnWorlds.Consent));
    }

    [Fact]
    public void A_store_that_is_deleted_on_the_way_takes_its_copies_back_first_and_one_that_was_switched_does_not()
    {
        var deleted = ReturnWorlds.Begun.Placed(place => place with { IsEmpty = false }) with { IsDeleting = true };
        var plan = StorePlan.Choose(deleted);
        plan.Name.ShouldBe(StorePlan.Deleting);
        plan.Rungs.Select(rung => rung.Condition).ShouldBeUnique();
        plan.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Take>().Act.ShouldBe(new ReturnAct.ClearPlace("h1"));
        StorePlan.Choose(ReturnWorlds.Served with { IsDeleting = true }).Steps.ShouldHaveSingleItem()
            .ShouldBeOfType<Step.Take>().Act.ShouldNotBeOfType<ReturnAct.ClearPlace>();
    }

    [Fact]
    public void What_an_object_that_is_gone_had_begun_is_taken_back_from_its_record()
    {
        var left = ReturnWorlds.Begun.Placed(place => place with { IsEmpty = false })
            .With(back => back with { IsAsked = false, IsConfirmed = false }) with
        {
            IsRecordedOnly = true, IsGranted = Fact.Seen(false), Binding = Fact.Seen<BindingFacts?>(null),
        };
        var plan = StorePlan.Choose(left);
        plan.Name.ShouldBe(StorePlan.RecordedOnly);
        plan.Rungs.Select(rung => rung.Condition).ShouldBeUnique();
        Taken(left, "CopiesStand").ShouldBe(new ReturnAct.ClearPlace("h1"));
        Taken(left.Placed(place => place with { IsEmpty = true }), "HoldStands")
            .ShouldBe(new ReturnAct.ReleasePlace("h1"));
        Taken(left.Placed(place => place with { IsEmpty = true, Hold = null }), "ReturnOnRecord")
            .ShouldBe(new ReturnAct.GiveUp(ReturnWorlds.Consent));
    }

    public static TheoryData<string> Rungs => [.. worlds.Keys];

    private static readonly Dictionary<string, StoreWorld> worlds = new()
    {
        ["asked"] = ReturnWorlds.Asked,
        ["confirmed"] = ReturnWorlds.Confirmed,
        ["begun"] = ReturnWorlds.Begun,
        ["fenced"] =
            ReturnWorlds.Begun.Moving(move => move with { Copies = Copies("bulk-spec"), Source = Fact.Seen(fenced) }),
        ["copied"] = ReturnWorlds.Begun.Moving(move =>
            move with { Copies = Copies("bulk-spec", "delta-spec-f1"), Source = Fact.Seen(fenced) }),
        ["verified"] = ReturnWorlds.Begun.Moving(move =>
            move with
            {
                Copies = Copies("bulk-spec", "delta-spec-f1"),
                Source = Fact.Seen(fenced),
                Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts("scope", "f1", "r1")),
            }),
        ["served"] = ReturnWorlds.Served,
    };

    [Theory]
    [MemberData(nameof(Rungs))]
    public void A_key_that_is_revoked_closes_the_store_before_anything_of_the_return_is_done(string name)
    {
        var plan = StorePlan.Choose(worlds[name] with { Key = Worlds.Revoked.Key, ClosingSince = Worlds.Noon });
        plan.Name.ShouldBe(StorePlan.Closing);
        plan.Steps.OfType<Step.Take>().Select(step => step.Act).ShouldAllBe(act => act is StoreAct);
        plan.Steps.OfType<Step.Take>().ShouldContain(step => step.Act is StoreAct.DenyTarget);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Another_key_than_the_one_that_the_data_stands_under_leads_nothing_on(string name)
    {
        var other = Worlds.Judged(new ByokOperator.Keys.KeyJudgement.Usable(Worlds.Noon))
            .Select(standing => (ByokOperator.Keys.KeySnapshot?)(standing! with
            {
                Regions = standing.Regions.ToDictionary(region => region.Key,
                    region => region.Value with { Pin = new ByokOperator.Keys.KeyPin("other", null, "x") }),
            }));
        StorePlan.Choose(worlds[name] with { Key = other, ClosingSince = Worlds.Noon }).Name
            .ShouldBe(StorePlan.Closing);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void What_could_not_be_looked_at_is_waited_for(string name)
    {
        var blind = worlds[name].With(back => back with
        {
            Place = Fact.Blind<ReturnPlace>("Throttled"),
            Move = back.Move is null ? null : back.Move with { Source = Fact.Blind<SourceFacts>("Throttled") },
        });
        Next(blind).Step.ShouldNotBeOfType<Step.Take>();
        foreach (var plan in new[] { StorePlan.Choose(blind), StorePlan.Choose(worlds[name]) })
        {
            plan.Rungs.Select(rung => rung.Condition).ShouldBeUnique();
        }
    }

    private static Fact<IReadOnlyList<CopyFacts>> Copies(params IEnumerable<string> done) =>
        Fact.Seen<IReadOnlyList<CopyFacts>>(
            [.. done.Select(one => new CopyFacts(one, JobOutcome.Succeeded, 0, HasJob: false))]);

    private static (Step Step, string Message) Next(StoreWorld world)
    {
        var plan = StorePlan.Choose(world);
        var step = plan.Steps.ShouldHaveSingleItem();
        var rung = plan.Rungs.Select(one => one.Look(world))
            .FirstOrDefault(finding => finding is not (Finding.Holds or Finding.Deferred));
        return (step, rung is Finding.Stuck stuck ? stuck.Message : "");
    }

    private static Act Taken(StoreWorld world, string reason)
    {
        var take = Next(world).Step.ShouldBeOfType<Step.Take>();
        take.Reason.ShouldBe(reason);
        return take.Act;
    }
}
