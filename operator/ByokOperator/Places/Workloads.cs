using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ByokOperator.Copies;
using ByokOperator.Records;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Places;

/// <summary>
/// A namespace's workloads. Deployments and StatefulSets are found by label and scaled by their subresource
/// <c>scale</c>, which reaches no pod template. CronJobs and Jobs have none: they are suspended where the platform gave
/// the right to, and elsewhere left to the store's denial.
/// </summary>
internal sealed class Workloads(KubeClient client)
{
    private const string Scale = "scale";

    /// <summary>What runs of what the labels select. Throws where the scaled kinds can't be listed.</summary>
    public async IAsyncEnumerable<SuspendedWorkload> RunningAsync(
        string ns, IReadOnlyDictionary<string, string> labels, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var selection = new Selection(ns, string.Join(',', labels.Select(label => $"{label.Key}={label.Value}")));
        await foreach (var one
            in ListAsync<Deployment>(selection, SuspendedWorkload.Deployment, item => item.Spec?.Replicas ?? 1,
                cancellation))
        {
            yield return one;
        }

        await foreach (var one
            in ListAsync<StatefulSet>(selection, SuspendedWorkload.StatefulSet, item => item.Spec?.Replicas ?? 1,
                cancellation))
        {
            yield return one;
        }

        foreach (var one in await SwitchedAsync(selection, cancellation))
        {
            yield return one;
        }
    }

    /// <summary>It stands still afterwards, unless it is gone.</summary>
    public async Task SuspendAsync(string ns, SuspendedWorkload one, CancellationToken cancellation)
    {
        try
        {
            Task suspending = one.Kind switch
            {
                SuspendedWorkload.Deployment => ScaleAsync<Deployment>(ns, one, 0, cancellation),
                SuspendedWorkload.StatefulSet => ScaleAsync<StatefulSet>(ns, one, 0, cancellation),
                SuspendedWorkload.CronJob => SwitchAsync<CronJob>(ns, one, isSuspended: true, cancellation),
                _ => SwitchAsync<Job>(ns, one, isSuspended: true, cancellation),
            };
            await suspending;
        }
        // another one of that name: the next look tells
        catch (KubeException refused) when (refused.Status.IsNotFound || refused.Status.IsConflict)
        {
        }
    }

    /// <summary>It runs as it did. One that is gone, or another of that name, or one that a person started meanwhile,
    /// is left as it is.</summary>
    public async Task ResumeAsync(string ns, SuspendedWorkload one, CancellationToken cancellation)
    {
        try
        {
            await (one.Kind switch
            {
                SuspendedWorkload.Deployment =>
                    ScaleUpAsync<Deployment>(ns, one, item => item.Spec?.Replicas ?? 0, cancellation),
                SuspendedWorkload.StatefulSet =>
                    ScaleUpAsync<StatefulSet>(ns, one, item => item.Spec?.Replicas ?? 0, cancellation),
                SuspendedWorkload.CronJob =>
                    SwitchOnAsync<CronJob>(ns, one, item => item.Spec?.Suspend == true, cancellation),
                _ => SwitchOnAsync<Job>(ns, one, item => item.Spec.Suspend == true, cancellation),
            });
        }
        catch (KubeException refused) when (refused.Status.IsNotFound)
        {
        }
    }

    // A Job that failed for good has no time of completion.
    private static bool IsOver(Job job) =>
        job.Status?.CompletionTime is not null || JobVerdicts.Of(job) == JobOutcome.Failed;

    /// <summary>
    /// None where nobody gave the right, and none on a server before 1.21, which has no batch/v1 CronJob and no suspend
    /// on Jobs: there, closing the store is what stops them.
    /// </summary>
    private async Task<IReadOnlyList<SuspendedWorkload>> SwitchedAsync(
        Selection selection, CancellationToken cancellation)
    {
        try
        {
            return await client.HasResourceAsync("batch", "v1", "cronjobs", cancellation)
                ?
                [
                    .. await AllAsync<CronJob>(selection, SuspendedWorkload.CronJob,
                        item => item.Spec?.Suspend == true ? 0 : null, cancellation),
                    .. await AllAsync<Job>(selection, SuspendedWorkload.Job,
                        item => item.Spec.Suspend == true || IsOver(item) ? 0 : null, cancellation),
                ]
                : [];
        }
        catch (KubeException refused) when (refused.Status.IsForbidden)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<SuspendedWorkload>> AllAsync<T>(
        Selection selection, string kind, Func<T, int?> replicas, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        List<SuspendedWorkload> found = [];
        await foreach (var one in ListAsync(selection, kind, replicas, cancellation))
        {
            found.Add(one);
        }

        return found;
    }

    /// <param name="selection">Which.</param>
    /// <param name="kind">What they are called.</param>
    /// <param name="replicas">0 for what stands still.</param>
    /// <param name="cancellation">As everywhere.</param>
    private async IAsyncEnumerable<SuspendedWorkload> ListAsync<T>(
        Selection selection, string kind, Func<T, int?> replicas,
        [EnumeratorCancellation] CancellationToken cancellation)
        where T : class, IResource<T>
    {
        await foreach (var page in client.Api<T>().ListAsync(selection, cancellation))
        {
            foreach (var item in page.Items)
            {
                if (replicas(item) is var count and not 0)
                {
                    yield return new SuspendedWorkload(kind, item.Metadata.Name, item.Metadata.Uid ?? "", count);
                }
            }
        }
    }

    private async Task ScaleUpAsync<T>(
        string ns, SuspendedWorkload one, Func<T, int> replicas, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var live = await client.Api<T>().GetAsync(new ObjectKey(ns, one.Name), cancellation, Scale);
        if (live.Metadata.Uid == one.Uid && replicas(live) == 0)
        {
            await ScaleAsync<T>(ns, one, one.Replicas ?? 1, cancellation);
        }
    }

    private async Task SwitchOnAsync<T>(
        string ns, SuspendedWorkload one, Func<T, bool> stands, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var live = await client.Api<T>().GetAsync(new ObjectKey(ns, one.Name), cancellation);
        if (live.Metadata.Uid == one.Uid && stands(live))
        {
            await SwitchAsync<T>(ns, one, isSuspended: false, cancellation);
        }
    }

    /// <summary>Bound to the one that was seen.</summary>
    private Task<T> ScaleAsync<T>(string ns, SuspendedWorkload one, int replicas, CancellationToken cancellation)
        where T : class, IResource<T> => client.Api<T>().PatchMergeAsync(
            new ObjectKey(ns, one.Name),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = one.Uid },
                ["spec"] = new JsonObject { ["replicas"] = replicas },
            }, cancellation, Scale);

    private Task<T> SwitchAsync<T>(string ns, SuspendedWorkload one, bool isSuspended, CancellationToken cancellation)
        where T : class, IResource<T> => client.Api<T>().PatchMergeAsync(
            new ObjectKey(ns, one.Name),
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["uid"] = one.Uid },
                ["spec"] = new JsonObject { ["suspend"] = isSuspended },
            }, cancellation);
}

/// <summary>The workloads that use a store: how many run,
/// and how many of those that we suspended are not known to run again.</summary>
internal sealed record WorkloadState(int Running, int SuspendedByUs)
{
    /// <summary>The spec names workloads at all.</summary>
    public bool AreSelected { get; init; }

    /// <summary>Why the record of what we suspended counts for nothing;
    /// null where it is authentic or none stands.</summary>
    public RecordedFault? Fault { get; init; }
}
