using System.Globalization;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Migrations;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>
/// Suspends and resumes the workloads that use a store: Deployments and StatefulSets by replicas, CronJobs and Jobs by
/// suspend. What was there before stands in an annotation of ours, and only what carries it is ever resumed.
/// </summary>
internal sealed class Workloads(KubeClient client)
{
    /// <summary>Annotation: the replicas before we scaled to zero, or <c>suspended</c>.</summary>
    public const string BeforeAnnotation = "byok.dev/suspended-from";

    private const string WasRunning = "running";

    public async Task<WorkloadState> LookAsync(string ns, Api.LabelSelector selector, CancellationToken cancellation)
    {
        var running = 0;
        var suspended = 0;
        await foreach (var item in AllAsync(ns, selector, cancellation))
        {
            running += item.Runs ? 1 : 0;
            suspended += item.Before is not null && !item.Runs ? 1 : 0;
        }

        return new WorkloadState(running, suspended);
    }

    public async Task SuspendAsync(string ns, Api.LabelSelector selector, CancellationToken cancellation)
    {
        await foreach (var item in AllAsync(ns, selector, cancellation))
        {
            if (item.Runs)
            {
                await item.Patch(Suspension(item), cancellation);
            }
        }
    }

    public async Task ResumeAsync(string ns, Api.LabelSelector selector, CancellationToken cancellation)
    {
        await foreach (var item in AllAsync(ns, selector, cancellation))
        {
            if (item.Before is not null)
            {
                await item.Patch(Resumption(item), cancellation);
            }
        }
    }

    // A Job that failed for good has no time of completion.
    private static bool IsOver(Job job) => job.Status?.CompletionTime is not null || JobVerdicts.Of(job) == JobOutcome.Failed;

    private static JsonObject Suspension(Workload item) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [BeforeAnnotation] = item.Replicas?.ToString(CultureInfo.InvariantCulture) ?? WasRunning } },
        ["spec"] = item.Replicas is null ? new JsonObject { ["suspend"] = true } : new JsonObject { ["replicas"] = 0 },
    };

    private static JsonObject Resumption(Workload item)
    {
        // A person who scaled or resumed it meanwhile is right: then only our mark goes.
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [BeforeAnnotation] = null } } };
        if (!item.Runs)
        {
            patch["spec"] = int.TryParse(item.Before, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
                ? new JsonObject { ["replicas"] = replicas }
                : new JsonObject { ["suspend"] = false };
        }

        return patch;
    }

    private async IAsyncEnumerable<Workload> AllAsync(
        string ns, Api.LabelSelector selector, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var selection = new Selection(ns, string.Join(',', (selector.MatchLabels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}")));
        await foreach (var item in KindAsync<Deployment>(selection, item => item.Spec?.Replicas ?? 1, _ => false, cancellation))
        {
            yield return item;
        }

        await foreach (var item in KindAsync<StatefulSet>(selection, item => item.Spec?.Replicas ?? 1, _ => false, cancellation))
        {
            yield return item;
        }

        // A server before 1.21 has no batch/v1 CronJob and no suspend on Jobs: there, closing the store is what stops them.
        if (!await client.HasResourceAsync("batch", "v1", "cronjobs", cancellation))
        {
            yield break;
        }

        await foreach (var item in KindAsync<CronJob>(selection, _ => null, item => item.Spec?.Suspend == true, cancellation))
        {
            yield return item;
        }

        await foreach (var item in KindAsync<Job>(selection, _ => null, item => item.Spec.Suspend == true || IsOver(item), cancellation))
        {
            yield return item;
        }
    }

    private async IAsyncEnumerable<Workload> KindAsync<T>(
        Selection selection,
        Func<T, int?> replicas,
        Func<T, bool> stands,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        where T : class, IResource<T>
    {
        var api = client.Api<T>();
        await foreach (var page in api.ListAsync(selection, cancellation))
        {
            foreach (var item in page.Items)
            {
                var count = replicas(item);
                yield return new Workload(
                    Runs: count is { } wanted ? wanted > 0 : !stands(item),
                    Replicas: count,
                    Before: item.Metadata.Annotations?.GetValueOrDefault(BeforeAnnotation),
                    Patch: (patch, token) => api.PatchMergeAsync(new ObjectKey(item.Metadata.Namespace ?? "", item.Metadata.Name), patch, token));
            }
        }
    }

    private sealed record Workload(bool Runs, int? Replicas, string? Before, Func<JsonObject, CancellationToken, Task> Patch);
}
