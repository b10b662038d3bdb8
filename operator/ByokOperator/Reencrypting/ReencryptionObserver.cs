using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Reencrypting;

/// <summary>Looks at objects that stand under old keys: whether they can be put under the new one, and how far that is.
/// Changes nothing.</summary>
internal sealed class ReencryptionObserver(OperatorContext around)
{
    private readonly ReencryptionReader reader = new(around.Cloud.Objects);
    private readonly FixedAnew mended = new();

    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="places">Where it is.</param>
    /// <param name="candidate">Id of a key that is asked for; null where none is, or nobody can tell.</param>
    /// <param name="target">The store as it was described.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<ReencryptionFacts> LookAsync(
        EncryptedStore store, StorePlaces places, string? candidate, Fact<StoreDescription> target, Glance glance)
    {
        if (target.Blindness is { } why)
        {
            // which run is wanted hangs on it
            return new ReencryptionFacts { Engine = Fact.Blind<ReencryptionEngine?>(why) };
        }

        var keepsVersions = target.ForDisplay()!.KeepsVersions;
        var plan = ReencryptionPlan.Of(store, around.Cluster.RecordOf(store).Trusted, keepsVersions);
        var jobs = around.Cluster.JobsByStore.Find(store.Metadata.Uid ?? "").Where(WorkerJobs.IsReencryption)
            .ToLookup(job => job.Metadata.Labels![Labels.Fingerprint]);
        var others = jobs.Where(run => run.Key != plan?.Fingerprint).ToList();
        var facts = new ReencryptionFacts
        {
            Wanted = plan?.Fingerprint,
            OtherRuns =
                [.. others.Where(run => run.Any(job => job.Metadata.DeletionTimestamp is null)).Select(run => run.Key)],
            DoOthersStand = others.Count > 0,
        };
        var isOnItsWay =
            around.Cluster.RecordOf(store).Trusted?.AlsoPinned.Any(key => PinStages.IsIncoming(key.Stage)) == true;
        if (plan is not null || candidate is not null || isOnItsWay)
        {
            facts = facts with
            {
                Engine = await EngineAsync(store, places, plan is null && !isOnItsWay ? candidate : null,
                    keepsVersions, glance),
            };
        }

        return plan is null ? facts : await RunAsync(store, places, facts, (plan, [.. jobs[plan.Fingerprint]]), glance);
    }

    public void Forget(ObjectKey store) => mended.Forget(store);

    /// <summary>By whose keys they are; whether the server does it, whoever begins a run tries first.</summary>
    private async Task<Fact<ReencryptionEngine?>> EngineAsync(
        EncryptedStore store, StorePlaces places, string? candidate, bool keepsVersions, Glance glance)
    {
        if (store.Spec.Rotation.Keeps || StorePlace.Of(store.Spec).Cloud == StorePlace.Azure)
        {
            return Fact.Seen<ReencryptionEngine?>(null); // nobody asks
        }

        IReadOnlyList<KeyRef> keys =
            [.. KeysOf(store, places).Append(candidate).OfType<string>().Select(id => places.Key with { Id = id })];
        var could = await glance.OfAsync(cancellation =>
            around.Cloud.Encryption.CouldUpdateAsync(places.Target, keys, cancellation));
        return could.Select<ReencryptionEngine?>(update =>
            update ? ReencryptionEngine.Update : !keepsVersions ? ReencryptionEngine.Copy
                : StorePlace.Of(store.Spec).HasNext ? ReencryptionEngine.Move : null);
    }

    private IEnumerable<string> KeysOf(EncryptedStore store, StorePlaces places) =>
        (around.Cluster.RecordOf(store).Trusted?.AlsoPinned ?? []).Select(key => key.Pin.KeyId)
            .Prepend(places.Key.Identity);

    private async Task<ReencryptionFacts> RunAsync(
        EncryptedStore store, StorePlaces places, ReencryptionFacts facts,
        (ReencryptionPlan Plan, IReadOnlyList<Job> Jobs) of, Glance glance)
    {
        var state = await glance.OfAsync(cancellation =>
            reader.ReadAsync(places.Target, of.Plan.Fingerprint, store.Spec.Migration.Parallelism, cancellation));
        var run = state.Select<CopyFacts?>(seen =>
            CopyVerdicts.Judge(of.Plan.Fingerprint, of.Jobs, seen.Run) is var copy
                && (copy.HasJob || copy.Outcome != JobOutcome.Absent) ? copy : null);
        var isRunning = run.ForDisplay() is { Outcome: JobOutcome.Running };
        return facts with
        {
            Run = run,
            IsAsked = mended.Note(store, run.Blindness is null ? run.ForDisplay() is { Refusal: not null } && !isRunning
                : null),
            OldUploads = isRunning ? facts.OldUploads
                : await glance.OfAsync(async cancellation =>
                    (await OldUploads.FindAsync(around.Cloud.Encryption, places.Target, of.Plan, cancellation)).Count),
            Shown = state.ForDisplay() is { Run.StartedAt: not null } shown ? Shown(shown) : null,
        };
    }

    private static ReencryptionProgress Shown(ReencryptionState state) => new()
    {
        Engine = state.Engine?.ToString(),
        VersionsLooked = state.Looked,
        VersionsReencrypted = state.Reencrypted,
        BytesReencrypted = state.ReencryptedBytes,
        StartedAt = Seconds(state.Run.StartedAt),
        FinishedAt = Seconds(state.Run.FinishedAt),
    };

    private static DateTimeOffset? Seconds(DateTimeOffset? time) =>
        time is { } at ? new(at.Ticks - (at.Ticks % TimeSpan.TicksPerSecond), at.Offset) : null;
}
