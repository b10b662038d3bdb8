using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace EmbeddedNode;

/// <summary>
/// Stands in for the Job controller and a kubelet where an API server has neither: watches Jobs, runs each of their
/// pods as a call, and writes their status as the real controller would. Deleting a Job stops its pods.
/// </summary>
public sealed class JobRunner : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(200);

    private readonly KubeApi<Job> api;
    private readonly Func<PodCall, CancellationToken, Task<int>> run;
    private readonly Follower<Job> jobs;
    private int restarts;

    public JobRunner(KubeClient client, string ns, Func<PodCall, CancellationToken, Task<int>> run)
    {
        api = client.Api<Job>();
        this.run = run;
        jobs = new Follower<Job>(api, ns, job => job.Status?.Conditions is not { Count: > 0 } && job.Spec.Suspend != true, RunJobAsync);
    }

    /// <summary>Pods that ended with another exit code than 0, so far.</summary>
    public int Restarts => restarts;

    public void Start() => jobs.Start();

    public ValueTask DisposeAsync() => jobs.DisposeAsync();

    private async Task RunJobAsync(Job job, CancellationToken cancellation)
    {
        var container = job.Spec.Template?.Spec?.Containers is [var only, ..] ? only : throw new InvalidOperationException($"job {job.Metadata.Name} has no container");
        await Task.WhenAll(Enumerable.Range(0, job.Spec.Completions ?? 1).Select(index => RunPodAsync(container, index, job.Spec.CompletionMode == "Indexed", cancellation)));
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["succeeded"] = job.Spec.Completions ?? 1,
                ["startTime"] = now,
                ["completionTime"] = now,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Complete", ["status"] = "True", ["lastTransitionTime"] = now }),
            },
        };
        await api.PatchMergeAsync(job.Metadata.Key, status, cancellation, "status");
    }

    private async Task RunPodAsync(Container container, int index, bool indexed, CancellationToken cancellation)
    {
        var environment = (container.Env ?? []).Where(entry => entry.Value is not null).ToDictionary(entry => entry.Name, entry => entry.Value!);
        if (indexed)
        {
            environment["JOB_COMPLETION_INDEX"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        while (await run(new PodCall(container.Args ?? [], environment), cancellation) != 0)
        {
            Interlocked.Increment(ref restarts);
            await Task.Delay(RestartPause, cancellation);
        }
    }
}
