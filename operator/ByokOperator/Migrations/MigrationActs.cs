using System.Diagnostics;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Migrations;

/// <summary>Performs the acts of a move. Every precondition is looked at live,
/// whatever the decision was made on (laws 5, 9, 10).</summary>
internal sealed class MigrationActs(
    OperatorContext around, StoreMarks marks, KeyProofGuard gate, BindingActs bindings, LeadershipFence leadership)
{
    private readonly SourceRetirement retirement = new(around.Cloud.Objects);
    private readonly ReceiptWriter receipts = new(around.Cloud.Objects);
    private readonly WorkerJobs jobs = new(around);
    private readonly ReturnGate returns = new(around);
    private readonly NextGate next = new(around);
    private readonly FenceActs fences = new(around, marks, gate, bindings, leadership);

    public Task PerformAsync(EncryptedStore store, MigrationAct act, CancellationToken cancellation) => act switch
    {
        MigrationAct.StartCopy start => StartAsync(store, start, cancellation),
        MigrationAct.StopCopy stop => jobs.StopAsync(WorkerJobs.LabelsOf(store, stop.Fingerprint), cancellation),
        MigrationAct.QuiesceWorkloads quiesce => fences.QuiesceAsync(store, quiesce, cancellation),
        MigrationAct.RaiseFence raise => fences.RaiseAsync(store, raise, cancellation),
        MigrationAct.GiveUpFence give => fences.GiveUpAsync(store, give, cancellation),
        MigrationAct.ReleaseWorkloads release => fences.ReleaseAsync(store, release, cancellation),
        MigrationAct.WriteReceipt write => WriteReceiptAsync(store, write, cancellation),
        MigrationAct.MarkServed mark => MarkServedAsync(store, mark, cancellation),
        MigrationAct.ServeTarget serve => ServeAsync(store, serve, cancellation),
        MigrationAct.RetireBatch retire => RetireAsync(store, retire, cancellation),
        MigrationAct.LiftFence lift => fences.LiftAsync(store, lift, cancellation),
        MigrationAct.ClearCopies clear => ClearCopiesAsync(store, clear, cancellation),
        _ => throw new UnreachableException(act.GetType().Name),
    };

    /// <summary>Deletes every Job that carries the store's uid, whatever for, and their pods.</summary>
    public Task StopCopiesAsync(EncryptedStore store, CancellationToken cancellation) =>
        jobs.StopAsync(WorkerJobs.LabelsOf(store), cancellation);

    private async Task StartAsync(EncryptedStore store, MigrationAct.StartCopy start, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, start, cancellation);
        var key = await next.KeyAsync(store, route, gate, cancellation);
        await fences.DemandNotServedAsync(route, cancellation);
        if (start.Fence is { } fence)
        {
            fences.DemandOpen(store);
            await fences.DemandAsync(route, fence, cancellation);
        }

        var order = new CopyOptions
        {
            Source = route.Source.Store,
            Prefix = route.Source.Prefix,
            Target = route.Target,
            Key = route.Under(key),
            BucketKey = route.BucketKey,
            IsWhole = route.Source.IsOwn,
            Return = route.Return?.Hold,
            MarksKey = route.Return is null ? null : key,
            Fingerprint = start.Fingerprint,
            Attempt = start.Attempt,
            PreviousFingerprint = start.Previous,
            Shards = store.Spec.Migration.Parallelism,
            Verification = store.Spec.Migration.Verification == "Metadata" ? VerificationMode.Metadata
                : VerificationMode.Checksum,
        };
        await jobs.CreateAsync(
            CopyJob.For(
                new CopyOrderForJob(store.Metadata.Key, route.Places.Owner, start.Fingerprint, start.Attempt,
                    order.Shards, order.ToArguments())
                {
                    Cloud = order.Target.Cloud,
                    IsUrgent = start.Fence is not null,
                },
                around.Options.CopyPods, around.Options.Namespace, around.HasIndexedJobs),
            cancellation);
    }

    private async Task WriteReceiptAsync(
        EncryptedStore store, MigrationAct.WriteReceipt write, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, write, cancellation);
        var key = await next.KeyAsync(store, route, gate, cancellation);
        await fences.DemandAsync(route, write.Fence, cancellation);
        fences.DemandOpen(store);
        await fences.DemandNotServedAsync(route, cancellation);
        if ((await marks.ReceiptAsync(route.Marks, route.ReceiptName, cancellation))?.Facts.Digest
            != write.Replaces)
        {
            throw new RefusedActException("ReceiptChanged", "another receipt stands than the one this was decided on");
        }

        if (route.Return is not null)
        {
            await OutsidePrefix.DemandNothingAsync(around.Cloud.Objects, route.Source, cancellation);
        }

        var verdict = await receipts.WriteAsync(
            new ReceiptOrder
            {
                SpecHash = write.Scope,
                FenceToken = write.Fence,
                Fingerprint = write.Copy,
                Shards = store.Spec.Migration.Parallelism,
                Source = route.Source,
                Target = route.Target,
                Key = route.Under(key),
                Marks = route.Marks,
                MarksKey = key,
                Name = route.ReceiptName,
            },
            cancellation);
        if (verdict is ReceiptVerdict.Refused refused)
        {
            throw new RefusedActException("EvidenceIncomplete", refused.Reason);
        }
    }

    private async Task MarkServedAsync(
        EncryptedStore store, MigrationAct.MarkServed mark, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, mark, cancellation);
        var key = await next.KeyAsync(store, route, gate, cancellation);
        await DemandReceiptAsync(route, mark.Receipt, cancellation);
        await fences.DemandAsync(route, mark.Fence, cancellation);
        await DemandNoCopyAsync(store, cancellation);
        leadership.ThrowIfLost();
        var served = new ServedMark(mark.Receipt, around.Time.GetUtcNow());
        await (route.Return is { } back ? returns.ServedAsync(store, back, served, cancellation)
            : route.Next is null ? marks.ServedAsync(route.Marks, served, key, cancellation)
            : next.ServedAsync(store, route, (marks, served, key), cancellation));
    }

    private async Task ServeAsync(EncryptedStore store, MigrationAct.ServeTarget serve, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, serve, cancellation);
        if ((route.Return is { } back ? back.Receipt : route.Next is { } bucket ? bucket.Receipt
            : (await marks.ServedAsync(route.Marks, cancellation))?.Receipt) != serve.Receipt)
        {
            throw new RefusedActException("NotServed", "the mark of the switch does not name this receipt");
        }

        if (route.Return is not null)
        {
            await next.KeyAsync(store, route, gate, cancellation);
            leadership.ThrowIfLost();
            await marks.UnserveAsync(route.Places.Target, cancellation);
            // whom the binding leads there has to be able to write
            await around.Cloud.Stores.LiftFenceAsync(route.Places.Shared!, route.Places.ReturnHold,
                cancellation);
            await bindings.LeadBackAsync(store, serve.Binding, serve.Receipt, cancellation);
            return;
        }

        if (route.Next is { } left)
        {
            await next.LeadsFromNowAsync(store, left, cancellation);
        }

        await bindings.BindAsync(store, serve.Binding, serve.Receipt, pin: null, cancellation);
    }

    private async Task RetireAsync(
        EncryptedStore store, MigrationAct.RetireBatch retire, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, retire, cancellation);
        var key = await next.KeyAsync(store, route, gate, cancellation);
        var receipt = await DemandReceiptAsync(route, retire.Receipt, cancellation);
        var step = await retirement.RetireAsync(
            new RetirementOrder(route.Source, route.Marks, receipt.Fingerprint, receipt.Shards.Count),
            token => MayRetireAsync(store, route, retire, token),
            cancellation);
        switch (step)
        {
            case RetirementStep.Finished:
                await (route.Return is { } back ? returns.RetiredAsync(store, back, retire.Receipt, cancellation)
                    : route.Next is { } left ? next.RetiredAsync(store, left, retire.Receipt, cancellation)
                    : marks.RetiredAsync(route.Marks, retire.Receipt, key, cancellation));
                break;
            case RetirementStep.Partly:
                break;
            case RetirementStep.Halted:
                throw new RefusedActException("Halted",
                    "the fence, the binding or the lead changed while the old copy was being retired");
            case RetirementStep.Unverified unverified:
                throw route is { Return: null, Next: null }
                    ? new RefusedActException("WrittenToSource",
                        $"no receipt vouches for {string.Join(", ", unverified.Keys)}: nothing of it is deleted; move "
                            + "it into the store, or delete it")
                    : new RefusedActException("WrittenToStore",
                        $"no receipt vouches for {string.Join(", ", unverified.Keys)}: nothing of it is deleted; move "
                            + $"it {(route.Return is null ? "into the store" : "to the shared place")}, or delete it");
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private async Task<bool> MayRetireAsync(
        EncryptedStore store, MoveRoute route, MigrationAct.RetireBatch retire, CancellationToken cancellation)
    {
        var fence =
            (await around.Cloud.Stores.DescribeSharedAsync(route.Source, route.Places.Identity, cancellation)).Fence;
        var address = new ObjectKey(store.Metadata.Namespace ?? "", StoreNames.Binding(store));
        var binding = await around.Kube.Api<PartialObject<ConfigMap>>().TryGetAsync(address, cancellation);
        return fence == retire.Fence
            && binding?.Metadata.Annotations?.GetValueOrDefault(Binding.ReceiptAnnotation) == retire.Receipt
            && leadership.IsHeld;
    }

    private async Task ClearCopiesAsync(
        EncryptedStore store, MigrationAct.ClearCopies clear, CancellationToken cancellation)
    {
        var route = await fences.RouteAsync(store, clear, cancellation);
        await DemandReceiptAsync(route, clear.Receipt, cancellation);
        foreach (var run in (await jobs.ListAsync(store, cancellation)).Where(job => !WorkerJobs.IsReencryption(job))
            .Select(job => job.Metadata.Labels?.GetValueOrDefault(Labels.Fingerprint)).OfType<string>().Distinct())
        {
            await jobs.StopAsync(WorkerJobs.LabelsOf(store, run), cancellation);
        }
    }

    private async Task<Receipt> DemandReceiptAsync(MoveRoute route, string digest, CancellationToken cancellation) =>
        await marks.ReceiptAsync(route.Marks, route.ReceiptName, cancellation) is { } found
            && found.Facts.Digest == digest
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
