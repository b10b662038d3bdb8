using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>When a tenant's own key ends is asked for once an hour, and whatever comes of it decides nothing.</summary>
public sealed class KeyEndsTests
{
    private static readonly DateTimeOffset end = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_is_asked_for_once_of_a_key_that_was_proved()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        lookout.Keys.DescribeAsync(default!, default).ReturnsForAnyArgs(new KeyDescription("m1", end));
        var ends = new KeyEnds(lookout.Around);
        var glance = lookout.Around.FactReader.At(CancellationToken.None);
        (await ends.LookAsync(key, World(KeyVerdict.Unknown), glance)).Regions[0].EndsAt.Blindness
            .ShouldNotBeNull("it was not proved");
        (await ends.LookAsync(key, World(KeyVerdict.Usable), glance)).Regions[0].EndsAt.ForDisplay().ShouldBe(end);
        (await ends.LookAsync(key, World(KeyVerdict.Usable), glance)).Regions[0].EndsAt.ForDisplay().ShouldBe(end);
        await lookout.Keys.ReceivedWithAnyArgs(1).DescribeAsync(default!, default);
    }

    [Fact]
    public async Task What_can_not_be_asked_is_blind_and_nothing_else()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        lookout.Keys.DescribeAsync(default!, default)
            .ReturnsForAnyArgs<Task<KeyDescription>>(_ =>
                throw new Cloud.CloudException(new Cloud.CloudProblem.Forbidden("AccessDenied", "no"),
                    "kms:DescribeKey"));
        var seen = await new KeyEnds(lookout.Around).LookAsync(key, World(KeyVerdict.Usable),
            lookout.Around.FactReader.At(CancellationToken.None));
        seen.Regions[0].EndsAt.Blindness.ShouldNotBeNull();
        MaterialExpiryWarning.Warning(seen, 1).ShouldBeNull();
    }

    [Fact]
    public void The_stores_that_use_a_key_are_told_with_what_stands_under_it()
    {
        CensusEntry[] census =
            [new() { Key = "k", Objects = 3, Bytes = 30 }, new() { Key = "other", Objects = 1, Bytes = 1 }];
        EncryptedStore[] stores =
        [
            Store("b", new() { Availability = "Open", Census = census, LastReportTime = end }),
            Store("a", null),
        ];
        KeyUser.Of(stores, ["k"]).ShouldBe(
        [
            new KeyUser { Store = "a" },
            new KeyUser { Store = "b", Availability = "Open", Objects = 3, Bytes = 30, LastCensusTime = end },
        ]);
        KeyUser.Of([.. Enumerable.Range(0, KeyUser.Most + 1).Select(index => Store($"s{index}", null))], []).Count
            .ShouldBe(KeyUser.Most);
    }

    private static EncryptedStore Store(string name, EncryptedStoreStatus? status) =>
        new() { Metadata = new() { Name = name, Namespace = "acme" }, Status = status };

    private static KeyWorld World(KeyVerdict verdict) => KeyWorlds.Good with
    {
        Now = end.AddDays(-3),
        Regions =
        [
            new KeyRegion
            {
                Region = Lookout.Region, KeyId = Fact.Seen<string?>(Lookout.Arn),
                Answer = Fact.Seen(new KeyAnswer(verdict, "Proved", "", null, [], end)),
                Canary = Fact.Seen<StoredCanary?>(null),
                UnknownSince = Fact.Seen<DateTimeOffset?>(null), RevokedSince = Fact.Seen<DateTimeOffset?>(null),
            },
        ],
    };
}
