using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Returning;
using ByokOperator.Stores;
using ByokOperator.Tests.Migrations;
using ByokOperator.Tests.Stores;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Tests.Returning;

/// <summary>A store that its data was moved into, whose spec names no key any more:
/// to be led back one fact at a time.</summary>
internal static class ReturnWorlds
{
    public const string Consent = "store/key";

    public static readonly SharedDefault Default = new(KeyRef.StoreManaged, null, BucketKey: false);

    public static readonly ReturnPlace Place = new(Exists: true, IsEmpty: true, Hold: null) { Default = Default };

    public static readonly StoreReturn Known =
        new(Consent) { Hold = "h1", Encryption = KeyRef.StoreManaged, BegunAt = Worlds.Noon };

    /// <summary>Asked for, and nobody consented.</summary>
    public static StoreWorld Asked { get; } = Worlds.Open with
    {
        CopyJobs = Fact.Seen(0),
        Report = Fact.Seen<ReportFacts?>(new ReportFacts(Worlds.Noon, null, [])),
        Migration = MoveWorlds.Begun with
        {
            Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: true, Fence: null)),
            Served = Fact.Seen<ServedMark?>(new ServedMark("r0", Worlds.Noon)),
            Retired = Fact.Seen<string?>("r0"),
            Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts("scope", "f0", "r0")),
            Binding = Fact.Seen<BindingFacts?>(new BindingFacts("b", "r0")),
        },
        Return = new ReturnWorld { Consent = Consent, IsAsked = true, IsConfirmed = false, Place = Fact.Seen(Place) },
    };

    public static StoreWorld Confirmed { get; } = Asked.With(back => back with { IsConfirmed = true });

    /// <summary>Data may go back.</summary>
    public static StoreWorld Begun { get; } = Confirmed.With(back => back with
    {
        Known = Known,
        Place = Fact.Seen(Place with { Hold = "h1", Default = null }),
        Move = MoveWorlds.Begun with { IsReturn = true, WantedBinding = "shared" },
    });

    /// <summary>The record says that readers are switched on that receipt.</summary>
    public static StoreWorld Served { get; } = Begun.With(back => back with
    {
        Known = Known with { Receipt = "r1", ServedAt = Worlds.Noon },
        Place = Fact.Seen(Place with { Hold = null, IsEmpty = false, Default = null }),
        Move = back.Move! with
        {
            Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: false, Fence: "f1", FencedSince: Worlds.Noon)),
            Receipt = Fact.Seen<ReceiptFacts?>(new ReceiptFacts("scope", "f1", "r1")),
            Served = Fact.Seen<ServedMark?>(new ServedMark("r1", Worlds.Noon)),
            Binding = Fact.Seen<BindingFacts?>(new BindingFacts("shared", "r1") { NamesShared = true }),
        },
    }) with { Binding = Fact.Seen<BindingFacts?>(null) };

    public static StoreWorld Retired { get; } =
        Served.With(back => back with { Known = back.Known! with { RetiredAt = Worlds.Noon }, Move = null });

    public static StoreWorld With(this StoreWorld world, Func<ReturnWorld, ReturnWorld> change) =>
        world with { Return = change(world.Return!) };

    public static StoreWorld Moving(this StoreWorld world, Func<MigrationWorld, MigrationWorld> change) =>
        world.With(back => back with { Move = change(back.Move!) });

    public static StoreWorld Placed(this StoreWorld world, Func<ReturnPlace, ReturnPlace> change) =>
        world.With(back => back with { Place = back.Place.Select(change) });
}
