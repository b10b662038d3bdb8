using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Copying;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Reencrypting;
using ByokOperator.Stores;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Leading;

namespace ByokOperator.Migrations;

/// <summary>Performs the acts of a move. Every precondition is looked at live, whatever the decision was made on (laws 5, 9, 10).</summary>
internal sealed class MigrationActs(Surroundings around, StoreMarks marks, KeyGate gate, BindingActs bindings, LeadershipFence leadership)
{
    private readonly SourceRetirement retirement = new(around.Cloud.Objects);
    private readonly ReceiptWriter receipts = new(around.Cloud.Objects);
    private readonly WorkerJobs jobs = new(around);
    private readonly FenceActs fences = new(around, marks, gate, bindings, leadership);

    public Task PerformAsync(EncryptedStore store, MigrationAct act, CancellationToken cancellation) => act switch
    {
        MigrationAct.StartCopy start => StartAsync(store, start, cancellation),
        MigrationAct.StopCopy stop => jobs.StopAsync(WorkerJobs.LabelsOf(store, stop.Fingerprint), cancellation),
        MigrationAct.QuiesceWorkloads => fences.QuiesceAsync(store, cancellation),
        MigrationAct.RaiseFence => fences.RaiseAsync(store, cancellation),
        MigrationAct.GiveUpFence give => fences.GiveUpAsync(store, give, cancellation),
        MigrationAct.ReleaseWorkloads => fences.ReleaseAsync(store, cancellation),
        MigrationAct.WriteReceipt write => WriteReceiptAsync(store, write, cancellation),
        MigrationAct.MarkServed mark => MarkServedAsync(store, mark, cancellation),
        MigrationAct.ServeTarget serve => ServeAsync(store, serve, cancellation),
        MigrationAct.RetireBatch retire => RetireAsync(store, retire, cancellation),
        MigrationAct.LiftFence lift => fences.LiftAsync(store, lift, cancellation),
        MigrationAct.ClearCopies clear => ClearCopiesAsync(store, clear, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    /// <summary>Deletes every Job that carries the store's uid, whatever for, and their pods.</summary>
    public Task StopCopiesAsync(EncryptedStore store, CancellationToken cancellation) => jobs.StopAsync(WorkerJobs.LabelsOf(store), cancellation);

    private async Task StartAsync(EncryptedStore store, MigrationAct.StartCopy start, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin: null, cancellation);
        var (places, source) = await fences.MoveAsync(store, cancellation);
        await fences.DemandNotServedAsync(places, cancellation);
        if (start.Fence is { } fence)
        {
            fences.DemandOpen(store);
            await fences.DemandAsync(places, source, fence, cancellation);
        }

        var order = new CopyOptions
        {
            Source = source.Store,
            Prefix = source.Prefix,
            Target = places.Target,
            Key = key,
            BucketKey = places.BucketKey,
            Fingerprint = start.Fingerprint,
            Attempt = start.Attempt,
            PreviousFingerprint = start.Previous,
            Shards = store.Spec.Migration.Parallelism,
            Verification = store.Spec.Migration.Verification == "Metadata" ? VerificationMode.Metadata : VerificationMode.Checksum,
        };
        await jobs.CreateAsync(
            CopyJob.For(
                new CopyOrderForJob(store.Metadata.Key, places.Owner, start.Fingerprint, start.Attempt, order.Shards, order.ToArguments()) { Cloud = order.Target.Cloud, IsUrgent = start.Fence is not null },
                around.Options.CopyPods, around.Options.Namespace, around.HasIndexedJobs),
            cancellation);
    }

    private async Task WriteReceiptAsync(EncryptedStore store, MigrationAct.WriteReceipt write, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin: null, cancellation);
        var (places, source) = await fences.MoveAsync(store, cancellation);
        await fences.DemandAsync(places, source, write.Fence, cancellation);
        fences.DemandOpen(store);
        await fences.DemandNotServedAsync(places, cancellation);
        if ((await marks.ReceiptAsync(places.Target, cancellation))?.Facts.Digest != write.Replaces)
        {
            throw new RefusedActException("ReceiptChanged", "another receipt stands than the one this was decided on");
        }

        var verdict = await receipts.WriteAsync(
            new ReceiptOrder
            {
                SpecHash = write.Scope,
                FenceToken = write.Fence,
                Fingerprint = write.Copy,
                Shards = store.Spec.Migration.Parallelism,
                Source = source,
                Target = places.Target,
                Key = key,
            },
            cancellation);
        if (verdict is ReceiptVerdict.Refused refused)
        {
            throw new RefusedActException("EvidenceIncomplete", refused.Reason);
        }
    }

    private async Task MarkServedAsync(EncryptedStore store, MigrationAct.MarkServed mark, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin: null, cancellation);
        var (places, source) = await fences.MoveAsync(store, cancellation);
        await DemandReceiptAsync(places, mark.Receipt, cancellation);
        await fences.DemandAsync(places, source, mark.Fence, cancellation);
        await DemandNoCopyAsync(store, cancellation);
        leadership.ThrowIfLost();
        await marks.ServedAsync(places.Target, new ServedMark(mark.Receipt, around.Time.GetUtcNow()), key, cancellation);
    }

    private async Task ServeAsync(EncryptedStore store, MigrationAct.ServeTarget serve, CancellationToken cancellation)
    {
        var (places, _) = await fences.MoveAsync(store, cancellation);
        if ((await marks.ServedAsync(places.Target, cancellation))?.Receipt != serve.Receipt)
        {
            throw new RefusedActException("NotServed", "the mark of the switch does not name this receipt");
        }

        await bindings.BindAsync(store, serve.Binding, serve.Receipt, pin: null, cancellation);
    }

    private async Task RetireAsync(EncryptedStore store, MigrationAct.RetireBatch retire, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin: null, cancellation);
        var (places, source) = await fences.MoveAsync(store, cancellation);
        var receipt = await DemandReceiptAsync(places, retire.Receipt, cancellation);
        var step = await retirement.RetireAsync(
            new RetirementOrder(source, places.Target, receipt.Fingerprint, receipt.Shards.Count),
            token => MayRetireAsync(store, places, source, retire, token),
            cancellation);
        switch (step)
        {
            case RetirementStep.Finished:
                await marks.RetiredAsync(places.Target, retire.Receipt, key, cancellation);
                break;
            case RetirementStep.Partly:
                break;
            case RetirementStep.Halted:
                throw new RefusedActException("Halted", "the fence, the binding or the lead changed while the old copy was being retired");
            case RetirementStep.Unvouched unvouched:
                throw new RefusedActException("WrittenToSource", $"no receipt vouches for {string.Join(", ", unvouched.Keys)}: nothing of it is deleted; move it into the store, or delete it");
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private async Task<bool> MayRetireAsync(
        EncryptedStore store, StorePlaces places, SharedRef source, MigrationAct.RetireBatch retire, CancellationToken cancellation)
    {
        var fence = (await around.Cloud.Stores.DescribeSharedAsync(source, places.Identity, cancellation)).Fence;
        var address = new ObjectKey(store.Metadata.Namespace ?? "", StoreNames.Binding(store));
        var binding = await around.Kube.Api<PartialObject<ConfigMap>>().TryGetAsync(address, cancellation);
        return fence == retire.Fence
            && binding?.Metadata.Annotations?.GetValueOrDefault(Binding.ReceiptAnnotation) == retire.Receipt
            && leadership.IsHeld;
    }

    private async Task ClearCopiesAsync(EncryptedStore store, MigrationAct.ClearCopies clear, CancellationToken cancellation)
    {
        var (places, _) = await fences.MoveAsync(store, cancellation);
        await DemandReceiptAsync(places, clear.Receipt, cancellation);
        foreach (var run in (await jobs.ListAsync(store, cancellation)).Where(job => !ReencryptionPlan.IsOf(job)).Select(job => job.Metadata.Labels?.GetValueOrDefault(Labels.Fingerprint)).OfType<string>().Distinct())
        {
            await jobs.StopAsync(WorkerJobs.LabelsOf(store, run), cancellation);
        }
    }

    private async Task<Receipt> DemandReceiptAsync(StorePlaces places, string digest, CancellationToken cancellation) =>
        await marks.ReceiptAsync(places.Target, cancellation) is { } found && found.Facts.Digest == digest
            ? found.Receipt
            : throw new RefusedActException("ReceiptChanged", "the receipt is not the one this was decided on");

    private async Task DemandNoCopyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if ((await jobs.ListAsync(store, cancellation)).Any(job => JobVerdicts.Of(job) == JobOutcome.Running))
        {
            throw new RefusedActException("CopyRunning", "a copy still runs: readers are switched when none does");
        }
    }
}
