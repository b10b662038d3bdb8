using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>Looks at everything that a store's ladders ask about. Changes nothing.</summary>
internal sealed class StoreObserver(
    OperatorContext around, StoreKeys keys, TargetObserver targets, MigrationObserver migrations,
    StoreNeighbours neighbours)
{
    private const string NotLooked = "NotLooked";

    /// <summary>Clouds answer within a tenth of it; what is promised for a closing leaves room for two.</summary>
    private static readonly TimeSpan closingReadTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Looks at a store that is to be closed, once its acts went out in a hurry.</summary>
    private static readonly TimeSpan longestWhileClosing = TimeSpan.FromSeconds(10);

    /// <summary>Well below the deadline of a reconcile.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(1);

    private readonly WorkloadActs workloads = new(around);
    private readonly StoreBasics basics = new(around, keys);
    private readonly KeyChangeObserver changes = new(around, keys);
    private readonly ReturnObserver returns = new(around, migrations);
    private readonly NextObserver next = new(around, targets, migrations);
    private readonly UnseenClock unseen = new(around.Cluster);
    private readonly SinceTimes absent = new();
    private readonly SinceTimes closing = new();
    private readonly SinceTimes heldUp = new();
    private readonly SinceTimes shut = new();

    /// <summary>
    /// The first look at a store that has to be closed is a hurried one: what is not seen by then is blind, and what
    /// closes goes out anyway. Then there is more time to look,
    /// and never so much that a cloud which does not answer holds a try up for long.
    /// </summary>
    public async Task<StoreLook> LookAsync(EncryptedStore written, CancellationToken cancellation)
    {
        var store = around.Cluster.Standing(written);
        using var soon = new CancellationTokenSource(closingReadTimeout, around.Time);
        using var hurried = CancellationTokenSource.CreateLinkedTokenSource(soon.Token, cancellation);
        var refusal = RefusalOf(store, around.FactReader.At(cancellation));
        if (basics.Of(store) is { IsPlaced: false } blank && refusal.IsRefused())
        {
            return HeldOff(written, store, Dated(store, blank) with { Refusal = refusal });
        }

        if (await targets.FindEarlierAsync(store, around.FactReader.At(cancellation, hurried.Token)))
        {
            store = around.Cluster.Standing(written);
        }

        var glance = around.FactReader.At(cancellation, hurried.Token);
        var (keyObject, standing) = await keys.LookAsync(store, glance);
        var places = StorePlaces.Of(store, keyObject, around.Cluster);
        var near = Dated(store, basics.Of(store, keyObject, standing) with
        {
            AlsoPinned = await keys.LookAsync(store, [], null, glance),
            WantedKey = StoreKeys.WantedOf(written, store),
            Return = ReturnWorld.Of(written, store, around.Cluster.RecordOf(store).Trusted),
            Refusal = refusal,
            Violations = neighbours.Violations(written, store, keyObject),
            WantedBinding = Binding.ExpectedHash(store, places.Key.Identity),
            UnseenSince = unseen.Find(store),
        });
        using var deadline = new CancellationTokenSource(TimeoutFor(near), around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        return await WholeAsync(store,
            new StoreLook(near, places, keyObject, Blind<StoreDescription>(), Blind<SharedDescription?>(), null),
            around.FactReader.At(cancellation, either.Token));
    }

    /// <summary>What is left of a store whose object is gone was begun: nobody asks whether it may be.</summary>
    private Fact<Ruling.Refused?> RefusalOf(EncryptedStore store, Glance glance) => store.IsRecordedOnly
        ? Fact.Seen<Ruling.Refused?>(null)
        : glance.Of(() => around.Cluster.Judge(store, around.Cluster.Tenants.Authority) as Ruling.Refused);

    /// <summary>Asks no cloud anything: not of the place, not of the source.</summary>
    private StoreLook HeldOff(EncryptedStore written, EncryptedStore store, StoreWorld near) => new(
        near with { IsHeldOff = true, Violations = StoreNeighbours.OwnViolations(written, store) },
        StorePlaces.Of(store, null, around.Cluster), null, Blind<StoreDescription>(), Blind<SharedDescription?>(),
        null);

    /// <summary>Where a look failed as a whole: blind but for the object itself and what is known of the key.
    /// Asks nobody.</summary>
    public StoreWorld Unseen(EncryptedStore written)
    {
        var store = FactReader.Read(() => around.Cluster.Standing(written)).ForDisplay() ?? written;
        var near = basics.Of(store);
        return Dated(store, near with
        {
            UnseenSince = unseen.Note(store, near.IsPlaced, near.Now),
            ShutSince = shut.Find(AddressOf(store), near.Uid),
        });
    }

    /// <summary>What is about to wake the store first, and for how long that is awaited;
    /// null where nothing is.</summary>
    public (string For, TimeSpan AtMost)? Awaits(EncryptedStore written)
    {
        var store = around.Cluster.Standing(written);
        if (keys.Awaited(written) is not { } awaited
            || RefusalOf(store, around.FactReader.At(CancellationToken.None)).IsRefused())
        {
            return null;
        }

        // one key of several that is revoked closes the store, whatever the others will say
        var near = basics.Of(store);
        return StoreVerdict.MustClose(near) is null ? (awaited, StoreVerdict.StaleIn(near) ?? TimeSpan.FromSeconds(1))
            : null;
    }

    public void Forget(ObjectKey store)
    {
        unseen.Forget(store);
        Array.ForEach([absent, closing, heldUp, shut], since => since.Forget(store));
        keys.Forget(store);
        migrations.Forget(store);
        returns.Forget(store);
        changes.Forget(store);
        around.Cluster.Earlier.ForgetStore(store);
    }

    private static TimeSpan TimeoutFor(StoreWorld near) => StoreVerdict.MustClose(near) is null ? longest
        : near.ClosingSince == near.Now ? closingReadTimeout
        : longestWhileClosing;

    /// <summary>Since when it is to be closed, as this look finds it.</summary>
    private StoreWorld Dated(EncryptedStore store, StoreWorld world) =>
        world with
        {
            ClosingSince =
                closing.Note(AddressOf(store), world.Uid, StoreVerdict.MustClose(world) is not null, world.Now),
        };

    private async Task<StoreLook> WholeAsync(EncryptedStore store, StoreLook near, Glance glance)
    {
        var places = near.Places;
        var isClosing = near.World.ClosingSince is not null;
        var binding = glance.OfAsync(token => around.Children.BindingAsync(store, token));
        var report = glance.OfAsync(async token =>
            ReportMap.Facts(await around.Children.ReportNotesAsync(store, token)));
        var granted = StoreGrants.AreUntold(store, around.Cluster) ? null : targets.GrantsAsync(store, places, glance);
        var running = RunningAsync(store, glance);
        var jobs = migrations.CopyJobsAsync(store, isClosing, glance);
        var beside = next.DescribeAsync(store, near.World.Next, glance);
        var going = Namespaces.IsGoingAsync(around, store.Metadata, glance);
        var shared = await targets.SharedAsync(places, glance);
        var target = await targets.DescribeAsync(store, places, shared, glance);
        if (target.ForDisplay() is { Ownership: StoreOwnership.Absent }
            && around.Cluster.Earlier.Find(store) is not null)
        {
            around.Cluster.Earlier.ForgetStore(store.Metadata.Key); // gone since: looked for anew
        }

        var grants = granted is null ? await targets.GrantsAsync(store, target, glance) : await granted;
        var mark = await targets.PinAsync(places, target, glance);
        var other = await next.FactsAsync(store, near.World.Next, await beside, isClosing, glance);
        var migration = places.Shared is null || store.IsRecordedOnly || IsMovedOn(store, other) ? null
            : await migrations.LookAsync(store, places, shared, target, glance);
        var world = near.World with
        {
            Violations =
                [.. near.World.Violations, .. isClosing ? [] : await targets.NoSourceAsync(store, mark, glance)],
            Target = await targets.FactsAsync(store, places, target, mark, isClosing, glance),
            Next = other,
            Pin = mark.Select(found => found?.For(places.Key.Identity)),
            AlsoPinned = await keys.LookAsync(store, near.World.AlsoPinned, mark.ForDisplay(), glance),
            Binding = (await binding).Select(found => PointerLadder.IsWayIn(found, near.World, target) ? found : null),
            IsPointed = (await binding).Select(found => found is { NamesShared: true }),
            Report = await report,
            IsGranted = grants.Select(grant => grant.Stands),
            IsGrantRight = grants.Select(grant => grant.IsRight),
            Workloads = await running,
            CopyJobs = await jobs,
            IsNamespaceGoing = await going,
            LeftFence = LeftFence(store, shared),
            Now = around.Time.GetUtcNow(),
        };
        world = Dated(store,
            world with { UnseenSince = unseen.Note(store, IsUnseen(world, target), near.World.Now) });
        world = world with
        {
            HeldUpSince = heldUp.Note(AddressOf(store), world.Uid, IsClosing(world), world.Now),
            Change = isClosing ? null : await changes.LookAsync(store, near, mark, target, glance),
            ShutSince = shut.Note(AddressOf(store), world.Uid, WasShut(store, world), world.Now),
            IsLongAbsent = store.IsRecordedOnly && IsLongAbsent(store, world),
            Migration = migration?.ToWorld(store, places, world) is { } move
                ? move with { HoldsWorkloads = StoreVerdict.MayNotRun(world) } : null,
            Shown = migration?.Progress,
        };
        world = await returns.LookAsync(store, (places, world), await binding, target, glance);
        world = await next.LookAsync(store, world, await binding, (target, await beside), glance);
        return near with { World = world, Target = target, Shared = shared, Migration = migration };
    }

    /// <summary>Of a store that a change of key moves on, or has,
    /// the move from the shared place is long done.</summary>
    private static bool IsMovedOn(EncryptedStore store, NextWorld? other) =>
        other is not null || store.Number != DerivedNames.First;

    private static bool IsClosing(StoreWorld world) => StoreVerdict.AvailabilityOf(world) == StoreVerdict.Closing;

    private static bool IsUnseen(StoreWorld world, Fact<StoreDescription> target) =>
        world.IsPlaced && (target.Blindness ?? world.Next?.Other.Blindness) is not null;

    private Fact<string?> LeftFence(EncryptedStore store, Fact<SharedDescription?> shared) =>
        store.IsRecordedOnly && around.Cluster.FindStore(store.Metadata.Key) is null
            ? shared.Select(one => one?.Fence ?? one?.RisingFence) : Fact.Seen<string?>(null);

    private bool WasShut(EncryptedStore store, StoreWorld world) =>
        ClosingLadder.IsClosed(world)
            || (ClosingLadder.IsNothingOpen(world) && shut.Find(AddressOf(store), world.Uid) is not null);

    private Task<Fact<WorkloadState>> RunningAsync(EncryptedStore store, Glance glance) =>
        WorkloadActs.AreSelected(store)
            ? glance.OfAsync(cancellation => workloads.LookAsync(store, cancellation))
            : Task.FromResult(Fact.Seen(workloads.Near(store)));

    // A cloud that is asked in the wrong place says the same as one that deleted it: one such answer ends no record.
    private bool IsLongAbsent(EncryptedStore store, StoreWorld world) =>
        absent.Note(AddressOf(store), world.Uid,
            world.Target.ForDisplay() is { Ownership: StoreOwnership.Absent }
                && (world.Next is not { } other || other.Other.ForDisplay() is { Ownership: StoreOwnership.Absent }),
            world.Now) is { } since
        && world.Now - since > around.Options.CloudSettling;

    private ObjectKey AddressOf(EncryptedStore store) => around.Cluster.Inventory.AddressOf(store);

    private static Fact<T> Blind<T>() => Fact.Blind<T>(NotLooked);
}
