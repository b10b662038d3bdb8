using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Reencrypting;

/// <summary>Begins and ends what puts a store's objects under its new key, and proves that nothing is left under the
/// old ones. Every precondition is looked at live.</summary>
internal sealed class ReencryptionActs(OperatorContext around, KeyProofGuard gate, LeadershipFence leadership)
{
    private readonly StoreRecords records = new(around);
    private readonly WorkerJobs jobs = new(around);
    private readonly ReencryptionReader reader = new(around.Cloud.Objects);

    public async Task AbortUploadsAsync(
        EncryptedStore store, KeyChangeAct.AbortUploads abort, CancellationToken cancellation)
    {
        var standing = await DemandAsync(store, abort.Run, cancellation);
        foreach (var upload in await UploadsAsync(standing, cancellation))
        {
            leadership.ThrowIfLost();
            await around.Cloud.Encryption.AbortUploadAsync(standing.Places.Target, upload, cancellation);
        }
    }

    public async Task StartAsync(
        EncryptedStore store, KeyChangeAct.StartReencryption start, CancellationToken cancellation)
    {
        var standing = await DemandAsync(store, start.Run, cancellation);
        if ((await jobs.ListAsync(store, cancellation))
            .Any(job =>
                WorkerJobs.IsReencryption(job)
                    && job.Metadata.Labels?.GetValueOrDefault(Labels.Fingerprint) != start.Run))
        {
            throw new RefusedActException("OtherRunStands",
                "the workers of another run may still put objects under another key");
        }

        await DemandNoUploadsAsync(standing, cancellation);
        var order = new ReencryptionOptions
        {
            Store = standing.Places.Target,
            Key = standing.Key,
            OldKeys = standing.Plan.OldKeys,
            Engine = await EngineAsync(standing, cancellation),
            BucketKey = standing.Places.BucketKey,
            Fingerprint = start.Run,
            Attempt = start.Attempt,
            Shards = store.Spec.Migration.Parallelism,
        };
        leadership.ThrowIfLost();
        await jobs.CreateAsync(
            CopyJob.For(
                new CopyOrderForJob(store.Metadata.Key, standing.Places.Owner, start.Run, start.Attempt, order.Shards,
                    order.ToArguments()) { Cloud = order.Store.Cloud },
                around.Options.CopyPods, around.Options.Namespace, around.HasIndexedJobs),
            cancellation);
    }

    public Task StopAsync(EncryptedStore store, KeyChangeAct.StopReencryption stop, CancellationToken cancellation) =>
        jobs.StopAsync(WorkerJobs.LabelsOf(store, stop.Run), cancellation);

    /// <summary>The store as it stands now refuses new writes under this key.</summary>
    public async Task DemandRefusedAsync(EncryptedStore store, CancellationToken cancellation) =>
        await DescribeAsync(store, cancellation);

    /// <summary>Nothing stands under the old keys, and nothing can come under them any more.</summary>
    public async Task DemandUnusedAsync(EncryptedStore store, string run, CancellationToken cancellation)
    {
        var standing = await DemandAsync(store, run, cancellation);
        await DemandNoUploadsAsync(standing, cancellation);
        if (!(await reader.ReadAsync(standing.Places.Target, run, store.Spec.Migration.Parallelism,
            cancellation)).Run.IsFinished)
        {
            throw new RefusedActException("ObjectsNotReencrypted",
                "it is not seen that every object was counted under the new key");
        }
    }

    /// <summary>What the run is decided on holds at this moment,
    /// and every key that objects stand under proves itself.</summary>
    private async Task<Standing> DemandAsync(EncryptedStore store, string run, CancellationToken cancellation)
    {
        if ((await records.LiveAsync(store, cancellation)).Spec.Rotation.Keeps)
        {
            throw new RefusedActException("ObjectsKept",
                "spec.rotation.existingObjects is Keep: objects stay under the keys that they stand under");
        }

        var (places, key, keepsVersions) = await DescribeAsync(store, cancellation);
        return ReencryptionPlan.Of(store, around.Cluster.RecordOf(store).Trusted, keepsVersions) is { } plan
            && plan.Fingerprint == run
            ? new Standing(plan, places, key, keepsVersions)
            : throw new RefusedActException("SpecChanged", "the store's keys are not those that this was decided on");
    }

    private async Task<(StorePlaces Places, KeyRef Key, bool KeepsVersions)> DescribeAsync(
        EncryptedStore store, CancellationToken cancellation)
    {
        var proved = await gate.ProveAsync(store, pin: null, cancellation);
        var places = StorePlaces.Of(store, around.Cluster.Standing(proved.Object), around.Cluster);
        var seen = await around.Cloud.Stores.DescribeAsync(places.Spec(versioned: false), cancellation);
        return seen is { Ownership: StoreOwnership.Ours, IsDenied: false, Drift: [] }
            ? (places, proved.Reference, seen.KeepsVersions)
            : throw new RefusedActException("RefusalNotSeen",
                "the store is not seen to be open, with its default on the new key, and to refuse the old one");
    }

    private Task<IReadOnlyList<UnfinishedUpload>> UploadsAsync(Standing standing, CancellationToken cancellation) =>
        OldUploads.FindAsync(around.Cloud.Encryption, standing.Places.Target, standing.Plan, cancellation);

    private async Task DemandNoUploadsAsync(Standing standing, CancellationToken cancellation)
    {
        if (await UploadsAsync(standing, cancellation) is { Count: > 0 })
        {
            throw new RefusedActException("UploadsUnfinished",
                "uploads that began before the old key was refused would be completed under it");
        }
    }

    /// <summary>Tried once for all workers, on an object of the operator's own:
    /// the store takes no other key than the new one for it.</summary>
    private async Task<ReencryptionEngine> EngineAsync(Standing standing, CancellationToken cancellation)
    {
        IReadOnlyList<KeyRef> keys =
            [standing.Key, .. standing.Plan.OldKeys.Select(id => standing.Key with { Id = id })];
        var support = await around.Cloud.Encryption.CouldUpdateAsync(standing.Places.Target, keys, cancellation)
            ? await around.Cloud.Encryption.TryUpdateAsync(standing.Places.Target, standing.Key, standing.Key,
                cancellation)
            : new UpdateSupport.Refused("OtherAccount", "its keys are not all of the bucket's own account");
        return support is UpdateSupport.Works ? ReencryptionEngine.Update
            : !standing.KeepsVersions ? ReencryptionEngine.Copy
            : throw new RefusedActException(
                "ReencryptionNotSupported",
                $"the bucket keeps versions, and none can be put under another key "
                    + $"({(support as UpdateSupport.Refused)?.Message}): set spec.rotation.existingObjects to Keep")
            {
                NeedsPerson = true,
            };
    }

    private sealed record Standing(ReencryptionPlan Plan, StorePlaces Places, KeyRef Key, bool KeepsVersions);
}
