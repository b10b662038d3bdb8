using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

public sealed class MigrationObserverTests
{
    [Fact]
    public async Task What_stands_in_a_place_that_nobody_could_see_is_not_known_to_be_missing()
    {
        await using var lookout = await Lookout.StartAsync();
        var seen = await LookAsync(lookout, Fact.Blind<StoreDescription>("Throttled"));
        (seen.Receipt.Blindness, seen.Served.Blindness, seen.Retired.Blindness,
            seen.Copies.Blindness).ShouldBe(("Throttled", "Throttled", "Throttled", "Throttled"));
        lookout.Objects.ReceivedCalls().ShouldBeEmpty("nothing is read where nobody knows whose it is");
    }

    [Fact]
    public async Task In_a_place_that_is_not_ours_nothing_of_ours_stands()
    {
        await using var lookout = await Lookout.StartAsync();
        var seen = await LookAsync(lookout,
            Fact.Seen(
                new StoreDescription(StoreOwnership.Absent, [], IsDenied: false, null, new Dictionary<string, string>(),
                    [])));
        (seen.Receipt.Blindness, seen.Served, seen.Retired,
            seen.Copies.ForDisplay()!.Count).ShouldBe(
                (null, Fact.Seen<ServedMark?>(null), Fact.Seen<string?>(null), 0));
    }

    private static async Task<MigrationLook> LookAsync(Lookout lookout, Fact<StoreDescription> target)
    {
        var executors = new Executors(lookout);
        var key = await lookout.ApplyKeyAsync();
        var store = await executors.ApplyAsync();
        var observer = new MigrationObserver(lookout.Around, new StoreMarks(lookout.Objects, lookout.Stores));
        return await observer.LookAsync(
            store, StorePlaces.Of(store, key, lookout.Around.Cluster), Fact.Seen<SharedDescription?>(null), target,
            lookout.Around.FactReader.At(CancellationToken.None));
    }
}
