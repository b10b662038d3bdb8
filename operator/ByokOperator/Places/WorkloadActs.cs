using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;

namespace ByokOperator.Places;

/// <summary>
/// Suspends what uses a store and lets it run again, as often as it ran, by a record of the operator's own. The record
/// comes first: who crashes between has lost no count. One workload that can't be changed holds up no other.
/// </summary>
internal sealed class WorkloadActs(OperatorContext around)
{
    private readonly Workloads workloads = new(around.Kube);
    private readonly RecordWriter records = new(around);

    public async Task<WorkloadState> LookAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var running = LabelsOf(store) is { } labels
            ? await workloads.RunningAsync(NamespaceOf(store), labels, cancellation).CountAsync(cancellation) : 0;
        return Near(store) with { Running = running };
    }

    /// <summary>What can be said without asking anybody, of a store without a selector.</summary>
    public WorkloadState Near(EncryptedStore store)
    {
        var record = around.Cluster.Records.Find<WorkloadRecord>(RecordOwner.Of(store.Metadata));
        return new WorkloadState(0, record.Trusted?.Suspended.Count ?? 0)
        {
            AreSelected = AreSelected(store),
            Fault = record.Fault,
        };
    }

    /// <summary>Whether anything has to be asked for.</summary>
    public static bool AreSelected(EncryptedStore store) => LabelsOf(store) is not null;

    /// <summary>
    /// Throws after all was tried. What can't be recorded because the record that stands is not ours is suspended all
    /// the same: closing waits for no record. How many ran is in the exception then, and nowhere else.
    /// </summary>
    public async Task SuspendAsync(EncryptedStore store, CancellationToken cancellation)
    {
        if (LabelsOf(store) is not { } labels)
        {
            return;
        }

        var running = await workloads.RunningAsync(NamespaceOf(store), labels, cancellation).ToListAsync(cancellation);
        if (running.Count == 0)
        {
            return;
        }

        var (recorded, refusal) = await RecordAsync(store, running, cancellation);
        var failures = await EachAsync(recorded, one => workloads.SuspendAsync(NamespaceOf(store), one, cancellation),
            cancellation);
        if ((refusal ?? failures.Values.FirstOrDefault()) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Throws after all was tried; what runs again is taken off the record.</summary>
    public async Task ResumeAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var owner = RecordOwner.Of(store.Metadata);
        var suspended = (await records.ReadAsync<WorkloadRecord>(owner, cancellation)).Trusted?.Suspended ?? [];
        var failures = await EachAsync(suspended, one => workloads.ResumeAsync(NamespaceOf(store), one, cancellation),
            cancellation);
        if (failures.Count == 0)
        {
            await records.EndAsync<WorkloadRecord>(owner,
                standing => standing.Trusted?.Suspended.SequenceEqual(suspended) == true, cancellation);
            return;
        }

        await records.EditAsync<WorkloadRecord>(owner,
            standing =>
                standing with
                {
                    Suspended =
                        [.. standing.Suspended.Where(one => failures.ContainsKey(one) || !suspended.Contains(one))],
                }, cancellation);
        throw failures.Values.First();
    }

    /// <returns>Which may be suspended now, and why that is not all, or not recorded.</returns>
    private async Task<(IReadOnlyList<SuspendedWorkload> Recorded, Exception? Refusal)> RecordAsync(
        EncryptedStore store, List<SuspendedWorkload> running, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<SuspendedWorkload> chosen = [];
            await records.EditAsync<WorkloadRecord>(
                RecordOwner.Of(store.Metadata),
                standing =>
                {
                    var free = WorkloadRecord.MaxWorkloads - standing.Suspended.Count;
                    chosen =
                    [
                        .. running.Where(one =>
                            standing.Suspended.Any(known => (known.Kind, known.Name) == (one.Kind, one.Name))
                                || free-- > 0),
                    ];
                    return standing.With(chosen);
                },
                cancellation);
            return (chosen, chosen.Count == running.Count ? null : new RefusedActException(
                "TooManyWorkloads",
                $"spec.workloads.selector selects more than {WorkloadRecord.MaxWorkloads} workloads, and those beyond "
                    + "run on: select fewer"));
        }
        catch (RefusedActException refused)
        {
            var counts = string.Join(", ",
                running.Take(20)
                    .Select(one => $"{one.Kind} {one.Name}{(one.Replicas is { } count ? $" ({count})" : "")}"));
            return (running,
                new RefusedActException(refused.Reason,
                    $"suspended without a record of how many ran: {counts}; {refused.Message}"));
        }
    }

    private static async Task<Dictionary<SuspendedWorkload, Exception>> EachAsync(
        IReadOnlyList<SuspendedWorkload> all, Func<SuspendedWorkload, Task> change, CancellationToken cancellation)
    {
        Dictionary<SuspendedWorkload, Exception> failures = [];
        foreach (var one in all)
        {
            try
            {
                await change(one);
            }
            catch (Exception failure) when (failure is KubeException or HttpRequestException
                && !cancellation.IsCancellationRequested)
            {
                failures[one] = failure;
            }
        }

        return failures;
    }

    private static IReadOnlyDictionary<string, string>? LabelsOf(EncryptedStore store) =>
        store.Spec.Workloads?.Selector?.MatchLabels is { Count: > 0 } labels ? labels : null;

    private static string NamespaceOf(EncryptedStore store) => store.Metadata.Namespace ?? "";
}
