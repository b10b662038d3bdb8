using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class MaterialWatchTests
{
    private static readonly DateTimeOffset end = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(31, null)]
    [InlineData(30, "WithinThirtyDays")]
    [InlineData(8, "WithinThirtyDays")]
    [InlineData(7, "WithinSevenDays")]
    [InlineData(2, "WithinSevenDays")]
    [InlineData(1, "WithinOneDay")]
    [InlineData(0, "WithinOneDay")]
    public void It_warns_in_steps(int daysLeft, string? reason)
    {
        var warning = MaterialExpiryWarning.Warning(World(end.AddDays(-daysLeft)), 3);

        warning?.Reason.ShouldBe(reason);
        (warning is null).ShouldBe(reason is null);
        (warning?.Status, warning?.ObservedGeneration).ShouldBe(reason is null ? (null, null) : ("True", 3));
    }

    [Fact]
    public void Between_two_steps_the_words_do_not_change() =>
        MaterialExpiryWarning.Warning(World(end.AddDays(-29)), 1)
            .ShouldBe(MaterialExpiryWarning.Warning(World(end.AddDays(-8)), 1));

    [Theory]
    [InlineData(40, 10)]
    [InlineData(30, 23)]
    [InlineData(7, 6)]
    public void The_next_look_is_due_at_the_next_step(int daysLeft, int next)
    {
        var world = World(end.AddDays(-daysLeft)) with { ProbeInterval = TimeSpan.FromDays(365) };

        MaterialExpiryWarning.NextStepIn(world).ShouldBe(TimeSpan.FromDays(next));
        KeyLadder.Choose(world).LookAgainWithin.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromDays(next));
    }

    [Fact]
    public void After_the_last_step_there_is_nothing_to_wait_for() =>
        MaterialExpiryWarning.NextStepIn(World(end.AddHours(-1))).ShouldBeNull();

    [Fact]
    public void Of_several_regions_the_next_to_go_is_named_and_each_is_told_of()
    {
        var world = World(end.AddDays(-5), new MaterialExpiry.At(end), new MaterialExpiry.Never(),
            new MaterialExpiry.At(end.AddDays(-1)));

        MaterialExpiryWarning.Warning(world, 1)!.Message.ShouldStartWith("region-2: ");
        MaterialExpiryWarning.Of(world).Select(one => (one.Region, one.Step))
            .ShouldBe([("region-2", 7), ("region-0", 7)]);
    }

    [Fact]
    public void A_key_that_goes_or_was_revoked_is_not_warned_of()
    {
        MaterialExpiryWarning.Of(World(end) with { IsDeleting = true }).ShouldBeEmpty();
        MaterialExpiryWarning.Of(World(end) with { State = "Revoked", IsRevocationConfirmed = true }).ShouldBeEmpty();
        MaterialExpiryWarning.Of(World(end) with { Import = null }).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_measured_for_an_alert_is_what_is_warned_of()
    {
        var shown = new TenantEncryptionKeyStatus { MaterialExpiresAt = end };
        KeyReading.Of(World(end), standing: null, shown).MaterialEnds.ShouldBe(end);
        KeyReading.Of(World(end) with { State = "Revoked", IsRevocationConfirmed = true }, standing: null, shown)
            .MaterialEnds.ShouldBeNull();
        KeyReading.Of(World(end) with { IsDeleting = true }, standing: null, shown).MaterialEnds.ShouldBeNull();
    }

    [Theory]
    [InlineData("eu-west-1", "imports the same material into its KMS key")]
    [InlineData(KeyRef.AnyRegion, "in its vault")]
    public void A_key_that_the_tenant_keeps_is_warned_of_with_what_the_tenant_does(string region, string mend)
    {
        var world = Kept(region, Fact.Seen<DateTimeOffset?>(end), end.AddDays(-5));
        MaterialExpiryWarning.Warning(world, 1)!.Message.ShouldContain(mend);
        MaterialExpiryWarning.FirstEnd(world).ShouldBe(end);
        MaterialExpiryWarning.Of(Kept(region, Fact.Seen<DateTimeOffset?>(null), end)).ShouldBeEmpty("it does not end");
        MaterialExpiryWarning.Of(Kept(region, Fact.Blind<DateTimeOffset?>("AccessDenied"), end))
            .ShouldBeEmpty("nobody can tell");
    }

    private static KeyWorld Kept(string region, Fact<DateTimeOffset?> endsAt, DateTimeOffset now) => World(now) with
    {
        Import = null,
        Regions =
        [
            new KeyRegion
            {
                Region = region, KeyId = Fact.Seen<string?>("k"), Answer = Fact.Blind<KeyAnswer>("NotAsked"),
                Canary = Fact.Seen<StoredCanary?>(null), EndsAt = endsAt,
                UnknownSince = Fact.Seen<DateTimeOffset?>(null), RevokedSince = Fact.Seen<DateTimeOffset?>(null),
            },
        ],
    };

    private static KeyWorld World(DateTimeOffset now) => World(now, new MaterialExpiry.At(end));

    private static KeyWorld World(DateTimeOffset now, params MaterialExpiry[] expiries) => KeyWorlds.Good with
    {
        Now = now,
        Regions = [],
        Import = new ImportWorld
        {
            Regions = [.. expiries.Select((expiry, index) => RegionOf($"region-{index}", expiry))],
            Upload = Fact.Blind<Upload>("NotNeeded"), Bound = Fact.Seen(ImportWorlds.Bound("f1")), Expiry = expiries[0],
            Settling = TimeSpan.FromMinutes(5),
        },
    };

    private static ImportRegion RegionOf(string region, MaterialExpiry expiry) => new(
        region, Fact.Seen<DateTimeOffset?>(null),
        Fact.Seen<ImportedKey?>(
            new ImportedKey(new KeyRef(region, "k"), ImportedKeyState.Enabled, "m", expiry, end.AddDays(-90))),
                Fact.Seen(true));
}
