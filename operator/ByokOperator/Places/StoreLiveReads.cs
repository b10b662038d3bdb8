using System.Runtime.CompilerServices;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Objects;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>What acts ask live of a store right before they act, whichever way its data goes.</summary>
internal sealed class StoreLiveReads(OperatorContext around)
{
    private readonly StoreRecords records = new(around);

    /// <summary>The object as the API server has it; null where it is gone, or another one bears its name.</summary>
    public async Task<EncryptedStore?> FindAsync(EncryptedStore store, CancellationToken cancellation) =>
        await around.Kube.Api<EncryptedStore>().TryGetAsync(store.Metadata.Key, cancellation) is { } live
            && live.Metadata.Uid == store.Metadata.Uid
            ? live
            : null;

    public async Task<StoreRecord> RecordAsync(EncryptedStore store, CancellationToken cancellation) =>
        await records.ReadAsync(RecordOwner.Of(store.Metadata), cancellation) is { Trusted: { } known }
            ? known
            : throw new RefusedActException("RecordNotAuthentic", "the store has no record of this operator's own");

    /// <summary>It is deleted with its data, and the typed confirmation stands.</summary>
    public async Task<bool> IsDeletionConfirmedAsync(EncryptedStore store, CancellationToken cancellation) =>
        await FindAsync(store, cancellation) is
            { Metadata.DeletionTimestamp: not null, Spec.DeletionPolicy: DeletionPolicies.Delete } live
        && live.Metadata.Annotations?.GetValueOrDefault(Labels.ConfirmDelete) == live.Metadata.Name;

    public static RefusedActException DeletionNotConfirmed() =>
        new("DeletionNotConfirmed", "the confirmation does not stand");

    public async Task DemandNoCopyAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if ((await new WorkerJobs(around).ListAsync(store, cancellation)).Any(job => !WorkerJobs.IsReencryption(job)))
        {
            throw new RefusedActException("CopyRunning",
                "a copy's Job stands: nothing of what it may write is deleted before its pods are gone");
        }
    }

    /// <summary>The operator's own marks in a place that the data has left, version by version. Refused at the first
    /// object that is none.</summary>
    /// <param name="place">Which.</param>
    /// <param name="left">What it is, in a sentence about what was written into it.</param>
    /// <param name="fix">What a person does about that.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async IAsyncEnumerable<ObjectVersion> OnlyMarksAsync(
        StoreRef place, string left, string fix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var version in around.Cloud.Objects.ListVersionsAsync(place, "", null, cancellation))
        {
            yield return version.Key.StartsWith(MarkNames.Root, StringComparison.Ordinal)
                ? version
                : throw new RefusedActException("WrittenToStore",
                    $"'{RefusedObject.Escaped(version.Key)}' was written into {left}: nothing of it is deleted; {fix}")
                    {
                        NeedsPerson = true,
                    };
        }
    }
}
