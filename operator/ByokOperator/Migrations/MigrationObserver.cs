using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Migrations;

/// <summary>Looks at the way from the shared place to the store. Changes nothing.</summary>
internal sealed class MigrationObserver(OperatorContext around, StoreMarks marks)
{
    private readonly PlanLook plans = new(around);
    private readonly RunReader runs = new(around.Cloud.Objects);
    private readonly FixedAnew mended = new();
    private readonly FixedAnew mendedBack = new();
    private readonly FixedAnew mendedOn = new();

    public async Task<MigrationLook> LookAsync(
        EncryptedStore store, StorePlaces places, Fact<SharedDescription?> shared, Fact<StoreDescription> target,
        Glance glance)
    {
        var (place, keyId) = (places.Target, places.MovedUnder);
        var receipt = Mark(target, cancellation => marks.ReceiptAsync(place, cancellation), glance);
        var served = Mark(target, cancellation => marks.ServedAsync(place, cancellation), glance);
        var retired = Mark(target, cancellation => marks.RetiredAsync(place, cancellation), glance);
        await Task.WhenAll(receipt, served, retired);
        var source = shared.Select(seen => seen is null ? new SourceFacts(false, true, null) : Source(seen));
        var spec = StoreNames.Spec(store, keyId);
        var record = around.Cluster.RecordOf(store);
        var run = await RunAsync(store, place, spec, (source, await served, target), glance);
        return new MigrationLook(source, await receipt, await served, await retired, run.Copies, run.Shown)
        {
            IsAsked = IsAsked(mended, store, run.Copies),
            FenceLiftedAt = record.Select(known => known?.FenceLiftedAt),
            Plan = IsPlanned(store, record) && places.Shared is { } from
                ? await plans.LookAsync(store, from, $"plan-{spec}", glance) : null,
        };
    }

    /// <summary>The same of the way back. How far that is, the record says:
    /// its marks go before the store does.</summary>
    public async Task<MigrationLook> LookBackAsync(
        EncryptedStore store, StorePlaces places, StoreReturn back, Fact<StoreDescription> target, Glance glance)
    {
        var seen = await glance.OfAsync(
            cancellation =>
                around.Cloud.Stores.DescribeSharedAsync(MoveRoute.SourceOf(places, places.Shared!), places.Identity,
                    cancellation));
        // it is of the operator's own making, marks and all
        var source = seen.Select(one => Source(one) with { Unfit = null });
        var receipt = await Mark(target,
            cancellation => marks.ReceiptAsync(places.Target, MarkNames.ReturnReceipt(back.Hold!), cancellation),
            glance);
        var served = Fact.Seen(back is { Receipt: { } digest, ServedAt: { } at } ? new ServedMark(digest, at) : null);
        var run = await RunAsync(store, places.Target, StoreNames.ReturnSpec(store, back), (source, served, target),
            glance);
        return new MigrationLook(source, receipt, served, Fact.Seen(back.RetiredAt is null ? null : back.Receipt),
            run.Copies, run.Shown)
        {
            IsAsked = IsAsked(mendedBack, store, run.Copies),
            FenceLiftedAt = around.Cluster.RecordOf(store).Select(known => known?.FenceLiftedAt),
        };
    }

    /// <summary>The same of the way to the store's next bucket.</summary>
    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="route">With the record's word of how far it is.</param>
    /// <param name="target">The next bucket as it was described.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<MigrationLook> LookNextAsync(
        EncryptedStore store, MoveRoute route, Fact<StoreDescription> target, Glance glance)
    {
        var next = route.Next!;
        var seen = await glance.OfAsync(cancellation =>
            around.Cloud.Stores.DescribeSharedAsync(route.Source, route.Places.Identity, cancellation));
        var source = seen.Select(one => Source(one) with { Unfit = null });
        var receipt = await Mark(target, cancellation => marks.ReceiptAsync(route.Marks, cancellation), glance);
        var served = Fact.Seen(next is { Receipt: { } digest, ServedAt: { } at } ? new ServedMark(digest, at) : null);
        var run = await RunAsync(store, route.Marks, StoreNames.NextSpec(store, route.Scope(store)),
            (source, served, target), glance);
        return new MigrationLook(source, receipt, served, Fact.Seen(next.RetiredAt is null ? null : next.Receipt),
            run.Copies, run.Shown)
        {
            IsAsked = IsAsked(mendedOn, store, run.Copies),
            FenceLiftedAt = around.Cluster.RecordOf(store).Select(known => known?.FenceLiftedAt),
        };
    }

    /// <summary>Live while closing and deleting: nobody would come back for
    /// a Job that the watch had not shown yet.</summary>
    public async Task<Fact<int>> CopyJobsAsync(EncryptedStore store, bool isClosing, Glance glance) =>
        store.Metadata.DeletionTimestamp is null && !isClosing
            ? Fact.Seen(around.Cluster.JobsByStore.Find(store.Metadata.Uid ?? "").Count)
            : await glance.OfAsync(async cancellation => (await around.Kube.Api<Job>().ListPageAsync(
                new Selection(around.Options.Namespace, $"{Labels.StoreUid}={store.Metadata.Uid}"), null,
                cancellation)) is var page ? page.Items.Count + page.Unreadable.Count : 0);

    public void Forget(ObjectKey store)
    {
        plans.Forget(store);
        mended.Forget(store);
        mendedBack.Forget(store);
        mendedOn.Forget(store);
    }

    private static bool IsAsked(FixedAnew mended, EncryptedStore store, Fact<IReadOnlyList<CopyFacts>> copies) =>
        mended.Note(
            store, copies.Blindness is null
                ? copies.ForDisplay()!.Any(copy => copy is { Refusal: not null, Outcome: not JobOutcome.Running })
                : null);

    private static SourceFacts Source(SharedDescription seen) =>
        new(seen.Exists, seen.IsEmpty, seen.Fence, seen.FencedSince)
        {
            Rising = seen.RisingFence,
            KeepsDeletedDays = seen.KeepsDeletedDays,
            Unfit = seen.Unfit,
        };

    /// <summary>What was put somewhere is moved, whatever the spec says by now.</summary>
    private static bool IsPlanned(EncryptedStore store, Recorded<StoreRecord> record) =>
        store.Spec.Migration.Mode == MigrationPolicy.Plan && record.Fault is null && record.Parsed?.Place is null;

    private async Task<(Fact<IReadOnlyList<CopyFacts>> Copies, RunState? Shown)> RunAsync(
        EncryptedStore store, StoreRef marksIn, string spec,
        (Fact<SourceFacts> Source, Fact<ServedMark?> Served, Fact<StoreDescription> Target) seen, Glance glance)
    {
        if (seen.Target.Blindness is { } unseen)
        {
            return (Fact.Blind<IReadOnlyList<CopyFacts>>(unseen), null); // what the workers said stands there
        }

        var jobs = around.Cluster.JobsByStore.Find(store.Metadata.Uid ?? "")
            .Where(job => !WorkerJobs.IsReencryption(job))
            .GroupBy(job => job.Metadata.Labels?.GetValueOrDefault(Labels.Fingerprint) ?? "")
            .ToDictionary(group => group.Key, group => group.ToList());
        var wanted = Wanted(spec, seen.Source.ForDisplay()?.Fence).ToList();
        Dictionary<string, RunState> states = [];
        if (TargetObserver.IsOurs(seen.Target) && seen.Served is { Blindness: null } served
            && served.ForDisplay() is null)
        {
            foreach (var fingerprint in wanted)
            {
                var state = await glance.OfAsync(cancellation =>
                    runs.ReadAsync(marksIn, fingerprint, store.Spec.Migration.Parallelism, cancellation));
                if (state.Blindness is { } why)
                {
                    return (Fact.Blind<IReadOnlyList<CopyFacts>>(why), null);
                }

                states[fingerprint] = state.ForDisplay()!;
            }
        }

        var copies = wanted.Union(jobs.Keys)
            .Select(fingerprint =>
                CopyVerdicts.Judge(fingerprint, jobs.GetValueOrDefault(fingerprint) ?? [],
                    states.GetValueOrDefault(fingerprint)))
            .Where(copy => copy.HasJob || copy.Outcome != JobOutcome.Absent)
            .ToList();
        return (Fact.Seen<IReadOnlyList<CopyFacts>>(copies),
            states.Values.LastOrDefault(state => state.StartedAt is not null));
    }

    private static IEnumerable<string> Wanted(string spec, string? fence) =>
        fence is null ? [$"bulk-{spec}"] : [$"bulk-{spec}", $"delta-{spec}-{fence}"];

    /// <summary>Seen as null where nothing of ours stands; a place that could not be seen is not one that holds
    /// nothing. What an earlier object of the store put there counts before it is taken back too: its fence may be
    /// one that only a retirement lifts.</summary>
    private static Task<Fact<T?>> Mark<T>(
        Fact<StoreDescription> target, Func<CancellationToken, Task<T?>> read, Glance glance) =>
        target.Blindness is { } why ? Task.FromResult(Fact.Blind<T?>(why))
        : target.ForDisplay() is { Ownership: StoreOwnership.Ours or StoreOwnership.Earlier } ? glance.OfAsync(read)
        : Task.FromResult(Fact.Seen<T?>(default));
}
