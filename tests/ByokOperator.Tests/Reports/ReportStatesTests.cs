using System.Text;
using System.Text.Json;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using ByokOperator.Tests.Stores;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reports;

/// <summary>
/// The report that is really written, in every state that a store can be in, fits its own schema. An archived key's
/// once did not; nor did a migrated store's, whose receipt was told by half of its digest.
/// </summary>
public sealed class ReportStatesTests
{
    private const string Open = StoreVerdict.Open;

    private static readonly Dictionary<string, (string Availability, Func<StoreLook, StoreLook> Of)> states = new()
    {
        ["open"] = (Open, look => look),
        ["under a Standby key"] = (Open, look => UnderKey(look, KeyStates.Standby)),
        ["under an Archived key"] = (Open, look => UnderKey(look, KeyStates.Archived)),
        ["under a key that is gone"] = (StoreVerdict.Closing,
            look => At(look, Worlds.Open with { Key = Fact.Seen<KeySnapshot?>(null) }) with { Key = null }),
        ["paused"] = (StoreVerdict.Paused, look => At(look, Paused)),
        ["closing"] = (StoreVerdict.Closing, look => At(UnderKey(look, KeyStates.Revoked), Worlds.Revoked)),
        ["closed"] = (StoreVerdict.Closed,
            look =>
                At(look, Worlds.Closed) with { Target = Fact.Seen(ReportInputs.Target with { IsDenied = true }) }),
        ["closed because nobody knew for too long"] = (StoreVerdict.Closed, look => At(look, Worlds.Closed with
        {
            Key = Worlds.Judged(new KeyJudgement.Unknown("Unreachable", Worlds.Noon - TimeSpan.FromHours(1))),
        })),
        ["under a key that nobody can ask"] = (Open,
            look =>
                At(look,
                    Worlds.Open with { Key = Worlds.Judged(new KeyJudgement.Unknown("Unreachable", Worlds.Noon)) })),
        ["under a key that nobody judged"] =
            (Open, look => At(look, Worlds.Open with { Key = Fact.Blind<KeySnapshot?>("KeyNotJudgedYet") })),
        ["changing its key"] = (Open, look => At(look, Worlds.Open with
        {
            AlsoPinned = [new PinnedKey("older", Worlds.Pin, Worlds.Judged(new KeyJudgement.Usable(Worlds.Noon)))],
        })),
        ["seen by nobody"] = (Open,
            look =>
                look with
                {
                    Target = Fact.Blind<StoreDescription>("Throttled"),
                    Shared = Fact.Blind<SharedDescription?>("Throttled"),
                }),
        ["nowhere"] = (Open,
            look =>
                look with
                {
                    Target =
                        Fact.Seen(ReportInputs.Target with { Ownership = StoreOwnership.Absent, ObservedKeyId = null }),
                }),
        ["at a place of somebody else's"] = (Open,
            look =>
                look with { Target = Fact.Seen(ReportInputs.Target with { Ownership = StoreOwnership.Stranger }) }),
        ["drifted"] = (Open,
            look =>
                look with
                {
                    Target = Fact.Seen(ReportInputs.Target with { Drift = ["Policy"], ObservedKeyId = "other" }),
                }),
        ["without a shared place"] = (Open,
            look =>
                look with
                {
                    Shared = Fact.Seen<SharedDescription?>(null),
                    Places = look.Places with { Shared = null },
                }),
    };

    private static readonly string[] keys = ["acme/a", "beside/b", "zoo"];

    public static TheoryData<string> Names => [.. states.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_report_of_a_store_fits_its_schema(string state)
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, look) = await LookAsync(lookout);
        var (availability, of) = states[state];
        StoreVerdict.AvailabilityOf(of(look).World)
            .ShouldBe(availability, "or this is not the state that it is called");
        (await ErrorsAsync(lookout, executors, store, of(look))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_report_of_a_migrated_store_fits_its_schema()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, look) = await LookAsync(lookout);
        await executors.ReceiptStandsAsync(store, "fence");
        var receipt = await new StoreMarks(lookout.Objects, lookout.Stores).ReceiptAsync(look.Places.Target,
            CancellationToken.None);
        var move = new MigrationLook(
            Fact.Seen(new SourceFacts(Exists: true, IsEmpty: true, Fence: null)), Fact.Seen(receipt),
            Fact.Seen<ServedMark?>(new ServedMark(receipt!.Value.Facts.Digest, Worlds.Noon)),
            Fact.Seen<string?>(receipt.Value.Facts.Digest), Fact.Seen<IReadOnlyList<CopyFacts>>([]), Shown: null);
        var moved = look with
        {
            Migration = move,
            World = look.World with { Migration = move.ToWorld(store, look.Places, look.World) },
        };
        (await ErrorsAsync(lookout, executors, store, moved)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_census_counts_the_whole_store_and_the_report_says_how_many_versions_it_left_out()
    {
        await using var lookout = await Lookout.StartAsync();
        var (executors, store, look) = await LookAsync(lookout, questions: 2);
        lookout.Objects.ListVersionsAsync(default!, "", default, default)
            .ReturnsForAnyArgs(call => Versions((string)call[1]));
        lookout.Objects.HeadAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(call => new ObjectFacts(5, "e", "other", null, new Dictionary<string, string>()));

        using var report = JsonDocument.Parse(await WriteAsync(lookout, executors, store, look));
        report.RootElement.GetProperty("census")[0].GetProperty("objects").GetInt64().ShouldBe(2);
        var unseen = report.RootElement.GetProperty("unseen").EnumerateArray().ShouldHaveSingleItem();
        (unseen.GetProperty("field").GetString(),
            unseen.GetProperty("reason").GetString()![..20]).ShouldBe(("census", "NotAsked: 1 versions"));
    }

    private static IAsyncEnumerable<ObjectVersion> Versions(string prefix) => keys
        .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
        .Select(key =>
            new ObjectVersion(key, "v1", "e", 5, Worlds.Noon, IsDeleteMarker: false, IsLatest: true,
                StorageClass: null))
        .ToAsyncEnumerable();

    private static StoreWorld Paused
    {
        get
        {
            var standing = Worlds.Judged(new KeyJudgement.Usable(Worlds.Noon)).ForDisplay()!;
            var waiting = Fact.Seen<UnconfirmedVersion?>(new("m2", "m1", IsHeld: false, Pauses: true));
            return Worlds.Open with
            {
                Key = Fact.Seen<KeySnapshot?>(
                    standing with
                    {
                        Regions = standing.Regions.ToDictionary(one => one.Key,
                            one => one.Value with { Unconfirmed = waiting }),
                    }),
                Workloads = Fact.Seen(new WorkloadState(0, 1) { AreSelected = true }),
            };
        }
    }

    private static StoreLook At(StoreLook look, StoreWorld world) => look with { World = world };

    private static StoreLook UnderKey(StoreLook look, string state) =>
        look with { Key = look.Key! with { Spec = look.Key.Spec with { State = state } } };

    private static async Task<(Executors Executors, EncryptedStore Store, StoreLook Look)> LookAsync(
        Lookout lookout, int questions = Census.DefaultQuestions)
    {
        var executors = new Executors(lookout) { Censuses = new() { Questions = questions } };
        var key = await lookout.ApplyKeyAsync();
        var store = await executors.ApplyAsync();
        return (executors, store, new StoreLook(
            Worlds.Open, StorePlaces.Of(store, key, lookout.Around.Cluster), key, Fact.Seen(ReportInputs.Target),
            Fact.Seen<SharedDescription?>(ReportInputs.Source), null));
    }

    /// <summary>By the real executor; what is judged is what stands in the cluster afterwards.</summary>
    private static async Task<IReadOnlyList<string>> ErrorsAsync(
        Lookout lookout, Executors executors, EncryptedStore store, StoreLook look) =>
        ReportSchema.Errors(await WriteAsync(lookout, executors, store, look));

    private static async Task<byte[]> WriteAsync(
        Lookout lookout, Executors executors, EncryptedStore store, StoreLook look)
    {
        var availability = StoreVerdict.AvailabilityOf(look.World);
        (await executors.Stores.PerformAsync(store, look.World with { Look = look },
            new StoreAct.WriteReport(null, availability), CancellationToken.None)).ShouldNotBeNull();
        var map = await lookout.Kube.Api<ConfigMap>()
            .TryGetAsync(new ObjectKey(Lookout.Namespace, StoreNames.Report(store)), CancellationToken.None);
        return Encoding.UTF8.GetBytes(map!.Data![ReportMap.Entry]);
    }
}
