using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>Looks at everything that a store's ladders ask about. Changes nothing.</summary>
internal sealed class StoreObserver(Surroundings around, KeyBoard board, StoreMarks marks, MigrationObserver migrations, StoreNeighbours neighbours)
{
    /// <summary>What stands would be looked for where the spec says, not where it is, once somebody changes the spec.</summary>
    private const string PlaceDrift = "PlaceNotRecorded";

    /// <summary>Clouds answer within a tenth of it; what is promised for a closing leaves room for two.</summary>
    private static readonly TimeSpan hurry = TimeSpan.FromSeconds(1);

    private readonly Workloads workloads = new(around.Kube);
    private readonly UnseenTimes unseen = new();

    /// <summary>
    /// While the way to a store whose key is revoked still stands, a cloud that does not answer may not hold up its removal: what was
    /// not seen by then is blind, and looked at again after.
    /// </summary>
    public async Task<StoreSight> LookAsync(EncryptedStore written, CancellationToken cancellation)
    {
        var store = around.Cluster.Standing(written);
        var (keyObject, standing) = await KeyAsync(store, cancellation);
        var places = StorePlaces.Of(store, keyObject, around.Cluster);
        var near = new StoreSight(
            await NearAsync(store, standing, places, neighbours.Violations(written, store, keyObject), cancellation),
            places, keyObject, Fact.Blind<StoreDescription>(Sight.Unreachable), Fact.Blind<SharedDescription?>(Sight.Unreachable), null);
        using var patience = new CancellationTokenSource(IsStillShown(near.World) ? hurry : Timeout.InfiniteTimeSpan, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await WholeAsync(store, near, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return near with { World = near.World with { UnseenSince = unseen.Note(store.Metadata.Key, near.World.Uid, isUnseen: true, near.World.Now) } };
        }
    }

    public void Forget(ObjectKey store) => unseen.Forget(store);

    /// <summary>What the key's own reconcile is about to say first: its judgement, then its canary. Null where nothing is to be awaited.</summary>
    public string? AwaitedOfKey(EncryptedStore store)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "");
        if (store.Metadata.DeletionTimestamp is not null || around.Cluster.Keys.Find(address) is not { } key)
        {
            return null;
        }

        return board.Find(address) is not { } standing || standing.Uid != key.Metadata.Uid ? "Judgement"
            : standing.Regions.Values.Any(region => region is { Pin: null } && region.Judgement.ForDisplay() is KeyJudgement.Usable) ? "Canary"
            : null;
    }

    private static bool IsStillShown(StoreWorld world) => StoreVerdict.MustClose(world) is not null && world.Binding.ForDisplay() is not null;

    /// <summary>What the cluster tells by itself; everything of a cloud is blind.</summary>
    private async Task<StoreWorld> NearAsync(
        EncryptedStore store, Fact<KeyStanding?> standing, StorePlaces places, IReadOnlyList<string> violations, CancellationToken cancellation)
    {
        var record = around.Cluster.RecordOf(store);
        var running = RunningAsync(store, cancellation);
        var jobs = CopyJobsAsync(store, cancellation);
        return new StoreWorld
        {
            Uid = places.Owner,
            Now = around.Time.GetUtcNow(),
            IsDeleting = store.Metadata.DeletionTimestamp is not null,
            IsPaused = Annotation(store, Labels.Paused) == "true",
            IsClaimed = Finalizers.Has(store.Metadata, Labels.Finalizer),
            Violations = violations,
            Region = StorePlace.Of(store.Spec).KeyRegion,
            Key = standing,
            Target = Fact.Blind<TargetFacts>(Sight.Unreachable),
            Pin = Fact.Blind<KeyPin?>(Sight.Unreachable),
            NeedsGrant = around.Cloud.PrincipalFor(places.Key) is not null,
            IsGranted = Fact.Blind<bool>(Sight.Unreachable),
            Workloads = await running,
            Binding = Fact.Seen(BindingOf(store)),
            WantedBinding = Binding.ExpectedHash(store, places.Key.Identity),
            Migration = null,
            CopyJobs = await jobs,
            Report = ReportOf(store),
            ReportInterval = GoDuration.TryParse(store.Spec.Report.Interval, out var interval) ? interval : TimeSpan.FromDays(1),
            ReportRequested = Annotation(store, Labels.ReportAt),
            DeletionPolicy = store.Spec.DeletionPolicy,
            IsDeletionConfirmed = Annotation(store, Labels.ConfirmDelete) == store.Metadata.Name,
            IsRetentionRecorded = Fact.Seen(StoreRecords.IsRetained(record)),
            RecordFault = record.Fault,
        };
    }

    private async Task<StoreSight> WholeAsync(EncryptedStore store, StoreSight near, CancellationToken cancellation)
    {
        var places = near.Places;
        var granted = GrantedAsync(store, places, cancellation);
        var shared = places.Shared is { } place
            ? await Sight.OfAsync<SharedDescription?>(async () => await around.Cloud.Stores.DescribeSharedAsync(place, places.Owner, cancellation))
            : Fact.Seen<SharedDescription?>(null);
        var target = await TargetAsync(store, places, shared, cancellation);
        var stands = target.ForDisplay() is { Ownership: StoreOwnership.Ours };
        var pin = stands ? await Sight.OfAsync(() => marks.PinAsync(places.Target, target.ForDisplay(), cancellation)) : NoPin(target);
        var migration = places.Shared is null ? null : await migrations.LookAsync(store, places, shared, stands, cancellation);
        var world = near.World with
        {
            Target = await EmptinessAsync(store, places, target, pin, cancellation),
            Pin = pin,
            IsGranted = await granted,
            Now = around.Time.GetUtcNow(),
        };
        world = world with
        {
            UnseenSince = unseen.Note(store.Metadata.Key, world.Uid, IsUnanswered(store, target), world.Now),
            Migration = migration?.ToWorld(store, places, world),
            Shown = migration?.Progress,
        };
        return near with { World = world, Target = target, Shared = shared, Migration = migration };
    }

    // A key that the watch does not show may only be late, so absence is looked up live before anything is closed for it.
    private async Task<(TenantEncryptionKey? Key, Fact<KeyStanding?> Standing)> KeyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (store.Spec.KeyRef is not { } reference)
        {
            return (null, Fact.Seen<KeyStanding?>(null));
        }

        var address = new ObjectKey(store.Metadata.Namespace ?? "", reference.Name);
        if (around.Cluster.Keys.Find(address) is { } watched)
        {
            return (around.Cluster.Standing(watched), board.Find(address) is { } standing && standing.Uid == watched.Metadata.Uid
                ? Fact.Seen<KeyStanding?>(standing)
                : Fact.Blind<KeyStanding?>("KeyNotJudgedYet"));
        }

        var live = await Sight.OfAsync(() => around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation));
        return live.Blindness is { } why ? (null, Fact.Blind<KeyStanding?>(why))
            : live.ForDisplay() is { } late ? (around.Cluster.Standing(late), Fact.Blind<KeyStanding?>("KeyNotJudgedYet"))
            : (null, Fact.Seen<KeyStanding?>(null));
    }

    private async Task<Fact<StoreDescription>> TargetAsync(
        EncryptedStore store, StorePlaces places, Fact<SharedDescription?> shared, CancellationToken cancellation)
    {
        if (!StorePlace.Of(store.Spec).IsNamed)
        {
            return Fact.Blind<StoreDescription>("SpecInvalid");
        }

        // Without a sight of the source nobody knows whether versions are to be kept: that aspect is then left alone.
        var versioned = shared.ForDisplay()?.IsVersioned ?? false;
        return await Sight.OfAsync(() => around.Cloud.Stores.DescribeAsync(places.Spec(versioned), cancellation));
    }

    private async Task<Fact<TargetFacts>> EmptinessAsync(
        EncryptedStore store, StorePlaces places, Fact<StoreDescription> target, Fact<KeyPin?> pin, CancellationToken cancellation)
    {
        IReadOnlyList<string> unrecorded = StoreRecords.IsComplete(around.Cluster.RecordOf(store), pin) ? [] : [PlaceDrift];
        var facts = target.Select(seen => new TargetFacts(OwnershipOf(seen.Ownership), [.. unrecorded, .. seen.Drift], seen.IsDenied));
        var isDeleting = store.Metadata.DeletionTimestamp is not null;
        if ((!isDeleting && pin.ForDisplay() is not null) || facts.ForDisplay() is not { Ownership: TargetOwnership.Ours } standing)
        {
            return facts;
        }

        if (isDeleting && target.ForDisplay()?.IsEmpty is { } told)
        {
            return Fact.Seen(standing with { IsEmpty = told });
        }

        return await Sight.OfAsync(async () =>
        {
            await using var versions = around.Cloud.Objects.ListVersionsAsync(places.Target, "", null, cancellation).GetAsyncEnumerator(cancellation);
            return standing with { IsEmpty = !await versions.MoveNextAsync() };
        });
    }

    private async Task<Fact<bool>> GrantedAsync(EncryptedStore store, StorePlaces places, CancellationToken cancellation) =>
        around.Cloud.PrincipalFor(places.Key) is null ? Fact.Seen(true)
        : places.Key.Id.Length == 0 ? Fact.Seen(false)
        : await Sight.OfAsync(() => around.Cloud.Keys.HasGrantAsync(places.Key, StoreNames.Grant(store), cancellation));

    private async Task<Fact<WorkloadState>> RunningAsync(EncryptedStore store, CancellationToken cancellation) =>
        store.Spec.Workloads?.Selector is { MatchLabels.Count: > 0 } selector
            ? await Sight.OfAsync(() => workloads.LookAsync(store.Metadata.Namespace ?? "", selector, cancellation))
            : Fact.Seen(new WorkloadState(0, 0));

    // Live while deleting: nobody would come back for a Job that the watch had not shown yet.
    private async Task<Fact<int>> CopyJobsAsync(EncryptedStore store, CancellationToken cancellation) =>
        store.Metadata.DeletionTimestamp is null
            ? Fact.Seen(around.Cluster.JobsByStore.Find(store.Metadata.Uid ?? "").Count)
            : await Sight.OfAsync(async () => (await around.Kube.Api<Job>().ListPageAsync(
                new Selection(around.Options.Namespace, $"{Labels.StoreUid}={store.Metadata.Uid}"), null, cancellation)).Items.Count);

    private BindingFacts? BindingOf(EncryptedStore store) =>
        around.Cluster.Bindings.Find(new ObjectKey(store.Metadata.Namespace ?? "", StoreNames.Binding(store)))?.Metadata.Annotations is { } notes
            ? new BindingFacts(notes.GetValueOrDefault(ContentHash.Annotation) ?? "", notes.GetValueOrDefault(Binding.ReceiptAnnotation))
            : null;

    private Fact<ReportFacts?> ReportOf(EncryptedStore store) => Fact.Seen(ReportMap.Facts(
        around.Cluster.Documents.Find(new ObjectKey(store.Metadata.Namespace ?? "", StoreNames.Report(store)))?.Metadata.Annotations));

    // No answer at all, about something that we began to make: a refusal is an answer, and a person's to mend.
    private bool IsUnanswered(EncryptedStore store, Fact<StoreDescription> target) =>
        target.Blindness == Sight.Unreachable && around.Cluster.PlaceOf(store) is not null;

    private static Fact<KeyPin?> NoPin(Fact<StoreDescription> target) =>
        target.Blindness is { } why ? Fact.Blind<KeyPin?>(why) : Fact.Seen<KeyPin?>(null);

    private static TargetOwnership OwnershipOf(StoreOwnership ownership) => ownership switch
    {
        StoreOwnership.Absent => TargetOwnership.Absent,
        StoreOwnership.Ours => TargetOwnership.Ours,
        StoreOwnership.Stranger or StoreOwnership.Unmarked or StoreOwnership.Forbidden => TargetOwnership.Stranger,
        _ => throw new System.Diagnostics.UnreachableException($"{ownership}"),
    };

    private static string? Annotation(EncryptedStore store, string name) => store.Metadata.Annotations?.GetValueOrDefault(name);
}
