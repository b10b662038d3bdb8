using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core.Kinds;

namespace EmbeddedNode;

/// <summary>
/// A virtual node for a real cluster: runs as a call each pod that names <paramref name="scheduler"/>, which no real
/// node is then given, and writes the pod's status as a kubelet would.
/// The cluster's own Job controller makes the pods and counts them.
/// </summary>
public sealed class PodRunner(
    KubeClient client, string ns, string scheduler, Func<PodCall, CancellationToken, Task<int>> run) : IAsyncDisposable
{
    private const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";

    private readonly KubeApi<Pod> api = client.Api<Pod>();
    private Follower<Pod>? pods;

    public void Start()
    {
        pods = new Follower<Pod>(api, ns,
            pod => pod.Spec?.SchedulerName == scheduler && pod.Status?.Phase is null or "Pending", RunPodAsync);
        pods.Start();
    }

    public ValueTask DisposeAsync() => pods?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task RunPodAsync(Pod pod, CancellationToken cancellation)
    {
        var container = pod.Spec?.Containers is [var only, ..] ? only
            : throw new InvalidOperationException($"pod {pod.Metadata.Name} has no container");
        var environment = (container.Env ?? []).Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Name, entry => entry.Value!);
        if (pod.Metadata.Annotations?.GetValueOrDefault(IndexAnnotation) is { } index)
        {
            environment["JOB_COMPLETION_INDEX"] = index;
        }

        await TellAsync(pod, "Running", cancellation);
        var code = await run(new PodCall(container.Args ?? [], environment), cancellation);
        await TellAsync(pod, code == 0 ? "Succeeded" : "Failed", cancellation);
    }

    private Task<Pod> TellAsync(Pod pod, string phase, CancellationToken cancellation) =>
        api.PatchMergeAsync(pod.Metadata.Key, new JsonObject { ["status"] = new JsonObject { ["phase"] = phase } },
            cancellation, "status");
}
