using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What stores go by when a look at their key could not read everything.</summary>
public sealed class KeyStandingTests
{
    private const string Region = KeyWorlds.Region;

    private static readonly DateTimeOffset Noon = KeyWorlds.Noon;

    private static readonly KeyRegion Seen = new()
    {
        Region = Region,
        KeyId = Fact.Seen<string?>("k"),
        Answer = Fact.Seen(new KeyAnswer(KeyVerdict.Unknown, "Unreachable", "", null, [], Noon)),
        Canary = Fact.Seen<StoredCanary?>(new StoredCanary("k", "m", "d")),
        UnknownSince = Fact.Seen<DateTimeOffset?>(Noon),
        RevokedSince = Fact.Seen<DateTimeOffset?>(null),
    };

    private static readonly KeyRegion Unread = Seen with
    {
        KeyId = Fact.Blind<string?>("RecordUnreadable"),
        Answer = Fact.Blind<KeyAnswer>("RecordUnreadable"),
        Canary = Fact.Blind<StoredCanary?>("RecordUnreadable"),
        UnknownSince = Fact.Blind<DateTimeOffset?>("RecordUnreadable"),
        RevokedSince = Fact.Blind<DateTimeOffset?>("RecordUnreadable"),
    };

    /// <summary>No spec names an imported key: with its record unread nobody can say which one it is,
    /// and that is no other one.</summary>
    [Fact]
    public void An_imported_key_whose_record_can_t_be_read_keeps_its_clock_and_its_pin()
    {
        var before = KeySnapshot.Of(World(Seen, Noon), previous: null);
        var after = KeySnapshot.Of(World(Unread, Noon + TimeSpan.FromMinutes(10)), before);
        after.Regions[Region].ShouldBe(before.Regions[Region]);
        after.Regions[Region].Judgement.ForDisplay()
            .ShouldBe(new KeyJudgement.Unknown("Unreachable", Noon), "timeout does not begin anew");
    }

    [Fact]
    public void Another_key_takes_over_neither()
    {
        var before = KeySnapshot.Of(World(Seen, Noon), previous: null);
        var other = Unread with { KeyId = Fact.Seen<string?>("other") };
        var after = KeySnapshot.Of(World(other, Noon + TimeSpan.FromMinutes(10)), before).Regions[Region];
        (after.KeyId, after.Pin).ShouldBe(("other", null));
    }

    [Fact]
    public void A_key_that_nobody_can_tell_is_none_that_is_awaited()
    {
        Unread.IsAwaited.ShouldBeFalse();
        (Seen with { KeyId = Fact.Seen<string?>(null) }).IsAwaited.ShouldBeTrue();
        KeySnapshot.Of(World(Unread, Noon), previous: null).Regions[Region].Judgement.ForDisplay()
            .ShouldBeOfType<KeyJudgement.Unknown>().Since.ShouldBe(Noon);
    }

    /// <summary>The leader before was an hour ahead; this one's own clock is what timeout is counted by.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clock_on_record_that_begins_in_the_future_keeps_a_store_open_no_longer(bool isAnswered)
    {
        var ahead = (isAnswered ? Seen
            : Seen with { Answer = Fact.Blind<KeyAnswer>("NotAsked") }) with
            {
                UnknownSince = Fact.Seen<DateTimeOffset?>(Noon + TimeSpan.FromHours(1)),
            };
        var first = KeySnapshot.Of(World(ahead, Noon), previous: null);
        var later = Noon + KeyWorlds.Good.MaxStaleness + TimeSpan.FromSeconds(1);

        var judgement = KeySnapshot.Of(World(ahead, later), first).Regions[Region].Judgement.ForDisplay()!;

        KeyJudgement.Effective(judgement, KeyWorlds.Good.MaxStaleness, later)
            .ShouldBeOfType<KeyJudgement.Revoked>().Reason.ShouldBe("UnknownTooLong");
    }

    private static KeyWorld World(KeyRegion region, DateTimeOffset now) =>
        KeyWorlds.Good with { Now = now, Regions = [region] };
}
