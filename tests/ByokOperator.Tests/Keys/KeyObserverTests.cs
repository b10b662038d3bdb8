using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Records;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Kube.Core;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class KeyObserverTests
{
    private static readonly Canary Canary =
        new(Lookout.Arn, "m-1", new byte[] { 1, 2, 3 }, new Dictionary<string, string> { ["byok.dev/key"] = "key" });

    [Fact]
    public async Task A_key_is_asked_once_a_region()
    {
        await using var lookout = await Lookout.StartAsync();
        Answers(lookout, KeyVerdict.Usable, "Proved", Canary);
        await LookAsync(lookout);
        await lookout.Keys.ReceivedWithAnyArgs(1).ProveAsync(default!, default!, default, default);
    }

    [Fact]
    public async Task A_fresh_canary_is_offered_where_none_is_stored()
    {
        await using var lookout = await Lookout.StartAsync();
        Answers(lookout, KeyVerdict.Usable, "Proved", Canary);
        (await LookAsync(lookout)).Regions.ShouldHaveSingleItem().Answer.ForDisplay()!.OfferedCanary
            .ShouldBe(KeyRecordCanary.Of(Canary).Text());
    }

    [Fact]
    public async Task A_stored_canary_is_what_the_key_has_to_prove_itself_on()
    {
        await using var lookout = await Lookout.StartAsync();
        Answers(lookout, KeyVerdict.Usable, "Proved", Canary);
        await StoreCanaryAsync(lookout);
        var region = (await LookAsync(lookout)).Regions.ShouldHaveSingleItem();
        region.Answer.ForDisplay()!.OfferedCanary.ShouldBeNull();
        await lookout.Keys.Received(1).ProveAsync(
            Arg.Any<KeyRef>(), Arg.Any<IReadOnlyDictionary<string, string>>(),
            Arg.Is<Canary?>(stored => stored != null && stored.MaterialId == "m-1"), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_canary_that_cannot_be_read_is_not_one_that_is_missing()
    {
        await using var lookout = await Lookout.StartAsync();
        Answers(lookout, KeyVerdict.Usable, "Proved", Canary);
        await StoreCanaryAsync(lookout);
        await lookout.SpoilRecordsAsync("""{"keyId":"x"}""");
        (await LookAsync(lookout)).Regions.ShouldHaveSingleItem().Answer.Blindness
            .ShouldBe("RecordUnreadable", "whatever it makes anew proves nothing");
    }

    [Theory]
    [InlineData(KeyVerdict.Revoked, null)]
    [InlineData(KeyVerdict.Unknown, "RecordUnreadable")]
    public async Task A_key_that_is_refused_is_refused_whatever_became_of_its_canary(
        KeyVerdict verdict, string? blindness)
    {
        await using var lookout = await Lookout.StartAsync();
        await StoreCanaryAsync(lookout);
        await lookout.SpoilRecordsAsync("""{"keyId":"x"}""");
        Answers(lookout, verdict, "KeyDisabled", canary: null);
        var answer = (await LookAsync(lookout)).Regions.ShouldHaveSingleItem().Answer;
        (answer.Blindness, answer.ForDisplay()?.Reason).ShouldBe((blindness, blindness is null ? "KeyDisabled" : null));
    }

    [Fact]
    public async Task A_spec_too_wrong_to_ask_with_is_Unknown_so_that_the_clock_runs()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var world = await Observer(lookout)
            .LookAsync(
                key with { Spec = key.Spec with { Revocation = key.Spec.Revocation with { ProbeInterval = "soon" } } },
                CancellationToken.None);
        world.Violations.ShouldNotBeEmpty();
        world.Regions.ShouldHaveSingleItem().Answer.ForDisplay()!.Verdict.ShouldBe(KeyVerdict.Unknown);
    }

    [Fact]
    public async Task Another_arn_is_a_violation_and_the_first_one_is_asked()
    {
        await using var lookout = await Lookout.StartAsync();
        Answers(lookout, KeyVerdict.Usable, "Proved", Canary);
        await StoreCanaryAsync(lookout);
        var key = lookout.Around.Cluster.Keys.Find(new ObjectKey(Lookout.Namespace, "key"))!;
        var edited = key with
        {
            Spec = key.Spec with
            {
                AwsKms = new() { Keys = [new() { Region = Lookout.Region, Arn = Lookout.Arn[..^1] + "2" }] },
            },
        };
        var world = await Observer(lookout).LookAsync(edited, CancellationToken.None);
        world.Violations.ShouldHaveSingleItem().ShouldContain("another ARN is another key");
        world.Regions.ShouldHaveSingleItem().KeyId.ForDisplay().ShouldBe(Lookout.Arn);
    }

    private static KeyObserver Observer(Lookout lookout)
    {
        var imports = new ImportWiring(lookout.Kube, lookout.Around.Options, lookout.Around.Time);
        return new KeyObserver(
            lookout.Around, new KeyLiveReads(lookout.Around),
            new ImportObserver(lookout.Around, new UploadReader(lookout.Around, imports.Wrapping, imports.Requests),
                imports.Requests));
    }

    private static async Task<KeyWorld> LookAsync(Lookout lookout)
    {
        var key = lookout.Around.Cluster.Keys.Find(new ObjectKey(Lookout.Namespace, "key"))
            ?? await lookout.ApplyKeyAsync();
        return await Observer(lookout).LookAsync(key, CancellationToken.None);
    }

    private static void Answers(Lookout lookout, KeyVerdict verdict, string reason, Canary? canary) =>
        lookout.Keys.ProveAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(new KeyProof(verdict, reason, "", canary, [], []));

    private static async Task StoreCanaryAsync(Lookout lookout)
    {
        var key = await lookout.ApplyKeyAsync();
        await new KeyRecords(lookout.Around).SaveCanaryAsync(key, Lookout.Region, KeyRecordCanary.Of(Canary).Text(),
            CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.RecordOf(key).Trusted is not null);
    }
}
