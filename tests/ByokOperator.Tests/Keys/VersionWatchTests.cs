using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>Which rotations wait for somebody's word, and which are followed.</summary>
public sealed class VersionWatchTests
{
    private const string First = "m1";
    private const string Second = "m2";
    private const string Third = "m3";

    [Theory]
    [InlineData(null, First, null)]
    [InlineData("", First, null)]
    [InlineData("", Second, Second)]
    [InlineData(Second, Second, null)]
    [InlineData(Second, Third, Third)]
    [InlineData(First, Second, Second)]
    public void A_rotation_waits_unless_it_is_followed_or_confirmed(
        string? confirmed, string current, string? waiting) =>
        VersionWatch.Of(World(confirmed), Aws(current)).ForDisplay()?.Version.ShouldBe(waiting);

    [Theory]
    [InlineData(null, Second, Second)]
    [InlineData("", Second, null)]
    [InlineData(Second, Second, Second)]
    [InlineData(Third, Second, null)]
    [InlineData(null, First, null)]
    public void What_is_followed_or_confirmed_is_recorded_and_nothing_else(
        string? confirmed, string current, string? accepted) =>
        VersionWatch.ToAccept(World(confirmed), Aws(current)).ShouldBe(accepted);

    [Fact]
    public void What_was_accepted_on_record_needs_no_word_again() =>
        VersionWatch.Of(World(""), Aws(Second) with { AcceptedVersion = Fact.Seen<string?>(Second) }).ForDisplay()
            .ShouldBeNull();

    [Fact]
    public void A_rotation_back_to_what_is_not_accepted_any_more_waits_too() =>
        VersionWatch.Of(World(""), Aws(First) with { AcceptedVersion = Fact.Seen<string?>(Second) })
            .ForDisplay()!.Version.ShouldBe(First);

    [Fact]
    public void Nobody_can_tell_while_the_key_the_record_or_the_service_is_silent()
    {
        VersionWatch.Of(World(""), Aws(null)).Blindness.ShouldBe("VersionUntold");
        VersionWatch.Of(World(""),
            Aws(Second) with { AcceptedVersion = Fact.Blind<string?>("RecordUnreadable") }).Blindness
                .ShouldBe("RecordUnreadable");
        VersionWatch.Of(World(""),
            Aws(Second) with { Canary = Fact.Blind<StoredCanary?>("RecordUnreadable") }).Blindness
                .ShouldBe("RecordUnreadable");
        VersionWatch.Of(World(""), Aws(Second) with { Answer = Fact.Blind<KeyAnswer>("LookFailed") }).Blindness
            .ShouldBe("LookFailed");
        VersionWatch.Of(World(""), Vault(First, newest: null)).Blindness.ShouldBe("VersionUntold");
        VersionWatch.Of(World(""),
            Vault(First, newest: null) with { NewestVersion = Fact.Blind<string?>("Throttled") }).Blindness
                .ShouldBe("Throttled", "a vault that was not heard is not one that says nothing");
        VersionWatch.Of(World(null), Aws(null)).Blindness.ShouldBeNull("nobody asked to be asked");
        VersionWatch.ToAccept(World(null),
            Aws(Second) with { AcceptedVersion = Fact.Blind<string?>("RecordUnreadable") }).ShouldBeNull();
    }

    [Fact]
    public void In_a_vault_the_version_before_is_held()
    {
        var waiting = VersionWatch.Of(World(""), Vault(First, newest: Second)).ForDisplay()!;
        (waiting.Version, waiting.Accepted, waiting.IsHeld, waiting.Pauses).ShouldBe((Second, First, true, true));
        VersionWatch.Of(World(""), Vault(Second, newest: Second)).ForDisplay().ShouldBeNull();
        VersionWatch.ToAccept(World(null), Vault(Second, newest: null)).ShouldBeNull("its canary's successor says it");
    }

    [Fact]
    public void A_pause_stalls_the_key_and_a_warning_does_not()
    {
        Look(World("")).ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe("VersionNotConfirmed");
        Look(World(Third)).ShouldBeOfType<Finding.Stuck>().Reason.ShouldBe("ConfirmedVersionUnknown");
        Look(World("") with { PausesUnconfirmed = false })
            .ShouldBeOfType<Finding.Holds>().Reason.ShouldBe("UnconfirmedRotation");
        Look(World("") with { PausesUnconfirmed = false, Regions = [Vault(First, newest: Second)] })
            .ShouldBeOfType<Finding.Stuck>().Message.ShouldNotContain("stand still");
        Look(World(Second))
            .ShouldBeOfType<Finding.Lacks>().Remedy.ShouldBe(new KeyAct.AcceptVersion("eu-west-1", null, Second));
    }

    [Fact]
    public void A_look_that_could_not_tell_takes_no_earlier_one_back()
    {
        var waiting = KeySnapshot.Of(World(""), previous: null);
        waiting.Regions["eu-west-1"].Unconfirmed.ForDisplay()!.Version.ShouldBe(Second);
        var blind = World("") with { Regions = [Aws(Second) with { Answer = Fact.Blind<KeyAnswer>("LookFailed") }] };
        KeySnapshot.Of(blind, waiting).Regions["eu-west-1"].Unconfirmed
            .ShouldBe(waiting.Regions["eu-west-1"].Unconfirmed);
        KeySnapshot.Of(blind, previous: null).Regions["eu-west-1"].Unconfirmed.Blindness
            .ShouldNotBeNull("after a restart nobody knows");
    }

    private static Finding Look(KeyWorld world) =>
        KeyLadder.WhenWanted.Single(rung => rung.Condition == "VersionConfirmed").Look(world);

    private static KeyRegion Aws(string? current) => new()
    {
        Region = "eu-west-1",
        KeyId = Fact.Seen<string?>("k"),
        Answer = Fact.Seen(Usable(current)),
        Canary = Fact.Seen<StoredCanary?>(new StoredCanary("k", First, "d")),
        UnknownSince = Fact.Seen<DateTimeOffset?>(null),
        RevokedSince = Fact.Seen<DateTimeOffset?>(null),
    };

    private static KeyRegion Vault(string held, string? newest) =>
        Aws(held) with { Region = KeyRef.AnyRegion, NewestVersion = Fact.Seen(newest) };

    private static KeyAnswer Usable(string? version) =>
        new(KeyVerdict.Usable, "Proved", "", null, [], DateTimeOffset.UnixEpoch) { Version = version };

    private static KeyWorld World(string? confirmed) =>
        KeyWorlds.Good with { Now = DateTimeOffset.UnixEpoch, ConfirmedVersion = confirmed, Regions = [Aws(Second)] };
}
