using Byok.Copying;
using Byok.Import.Tests;
using ByokOperator.Migrations;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What no listing tells is found by looks at single versions, whose number hardly grows.</summary>
public sealed class PlanSampleTests
{
    private static readonly StoreRef store = new("eu-west-1", "shared");
    private static readonly DateTimeOffset now = new SetTime().GetUtcNow();

    private readonly IObjectData objects = Substitute.For<IObjectData>();
    private readonly MoveCounts counts = new();
    private readonly PlanSample sample;

    public PlanSampleTests() => sample = new PlanSample(objects, new SetTime(), counts);

    [Fact]
    public async Task Each_of_the_first_is_looked_at_and_then_ever_fewer()
    {
        await LookAsync(0, 250);
        counts.LookedAt.ShouldBe(250);
        await LookAsync(250, 1_000);
        counts.LookedAt.ShouldBe(437, "one in four");
        await LookAsync(1_000, 1_000_000);
        counts.LookedAt.ShouldBeInRange(1_250, 2_000);
    }

    [Fact]
    public async Task A_retention_and_a_legal_hold_are_told_until_they_end()
    {
        Answers("ended", facts => facts with { HeldUntil = now });
        Answers("retained", facts => facts with { HeldUntil = now.AddDays(1) });
        Answers("held", facts => facts with { HeldUntil = DateTimeOffset.MaxValue });
        await sample.LookAsync(store, [Version("ended"), Version("retained"), Version("held")], CancellationToken.None);
        Found().ShouldBe([("ObjectLocked", 2)]);
        counts.Obstacles["ObjectLocked"].IsSampled.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_refused_or_may_not_be_read_is_told_and_the_count_goes_on()
    {
        Fails("sse-c", new CloudProblem.Refused("BadRequest", ""));
        Fails("denied", new CloudProblem.Forbidden("Forbidden", ""));
        Fails("disabled", new CloudProblem.KeyUnusable("KMS.DisabledException", ""));
        Fails("blob", new CloudProblem.Refused("ObjectUnderItsWritersKey", "") { Fix = "write it anew" });
        await sample.LookAsync(store,
            [Version("sse-c"), Version("denied"), Version("disabled"), Version("blob"), Version("good")],
            CancellationToken.None);
        Found().ShouldBe([("ObjectNotDescribed", 1), ("ObjectNotReadable", 2), ("ObjectUnderItsWritersKey", 1)]);
        counts.LookedAt.ShouldBe(5);
    }

    [Fact]
    public async Task Of_a_name_whose_look_broke_off_nothing_is_counted_before_it_is_met_again()
    {
        Fails("denied", new CloudProblem.Forbidden("Forbidden", ""));
        Fails("slow", new CloudProblem.Throttled("SlowDown", ""));
        await Should.ThrowAsync<CloudException>(() =>
            sample.LookAsync(store, [Version("denied"), Version("slow")], CancellationToken.None));
        (counts.LookedAt, Found().Count).ShouldBe((0, 0));
        Answers("slow", facts => facts);
        await sample.LookAsync(store, [Version("denied"), Version("slow")], CancellationToken.None);
        (counts.LookedAt, Found().ShouldHaveSingleItem()).ShouldBe((2, ("ObjectNotReadable", 1)));
    }

    [Fact]
    public async Task A_version_that_never_answers_is_told_and_holds_up_no_plan()
    {
        Fails("gone", new CloudProblem.Unreachable("InternalError", ""));
        objects.HeadAsync(store, "hangs", Arg.Any<string?>(), Arg.Any<CancellationToken>())
            .Throws(new OperationCanceledException());
        foreach (var name in (string[])["gone", "hangs"])
        {
            ObjectVersion[] ofKey = [Version("good"), Version(name)];
            await Should.ThrowAsync<Exception>(() => sample.LookAsync(store, ofKey, CancellationToken.None));
            await Should.ThrowAsync<Exception>(() => sample.LookAsync(store, ofKey, CancellationToken.None));
            await sample.LookAsync(store, ofKey, CancellationToken.None);
        }

        Found().ShouldBe([("ObjectNotAnswering", 2)]);
        counts.LookedAt.ShouldBe(4);
    }

    [Fact]
    public async Task A_name_of_more_versions_than_one_look_can_ask_for_is_gone_on_with_by_the_next()
    {
        var asked = 0;
        objects.HeadAsync(default!, default!, default, default).ReturnsForAnyArgs<ObjectFacts?>(_ =>
            ++asked % 10 == 0 ? throw new OperationCanceledException() : null);
        ObjectVersion[] ofKey =
            [.. Enumerable.Range(0, 100).Select(number => Version("a") with { VersionId = $"{number}" })];
        for (var look = 0; look < 20 && counts.LookedAt == 0; look++)
        {
            await Record.ExceptionAsync(() => sample.LookAsync(store, ofKey, CancellationToken.None));
        }

        counts.LookedAt.ShouldBe(100);
        Found().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_asks_for_less_says_nothing_of_a_version()
    {
        Fails("slow", new CloudProblem.Throttled("SlowDown", ""));
        for (var look = 0; look < 10; look++)
        {
            await Should.ThrowAsync<CloudException>(() =>
                sample.LookAsync(store, [Version("slow")], CancellationToken.None));
        }
    }

    [Fact]
    public async Task What_the_listing_tells_already_and_delete_markers_are_not_looked_at()
    {
        await sample.LookAsync(store,
            [
                Version("marker") with { IsDeleteMarker = true },
                Version("old") with
                {
                    Obstacle = new CloudProblem.Refused("ObjectArchived", "") { Fix = "restore it" },
                },
            ],
            CancellationToken.None);
        objects.ReceivedCalls().ShouldBeEmpty();
    }

    private List<(string Code, long Count)> Found() =>
        [.. counts.Obstacles.Select(one => (one.Key, one.Value.Count))];

    private async Task LookAsync(int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            await sample.LookAsync(store, [Version($"{number}")], CancellationToken.None);
        }
    }

    private void Answers(string key, Func<ObjectFacts, ObjectFacts> with) =>
        objects.HeadAsync(store, key, Arg.Any<string?>(), Arg.Any<CancellationToken>())
            .Returns(with(new ObjectFacts(1, "e", null, null, new Dictionary<string, string>())));

    private void Fails(string key, CloudProblem problem) =>
        objects.HeadAsync(store, key, Arg.Any<string?>(), Arg.Any<CancellationToken>())
            .Throws(new CloudException(problem, "s3:HeadObject"));

    private static ObjectVersion Version(string key) =>
        new(key, "v", "e", 1, DateTimeOffset.UnixEpoch, false, true, null, "SHA256");
}
