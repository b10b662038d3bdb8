using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace EmbeddedNode;

/// <summary>
/// Stands in for the Job controller and a kubelet where an API server has neither: watches Jobs, runs each of their
/// pods as a call, and writes their status as the real controller would. Deleting a Job stops its pods.
/// </summary>
public sealed class JobRunner(KubeClient client, string ns, Func<PodCall, CancellationToken, Task<int>> run) : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WatchAgain = TimeSpan.FromMilliseconds(100);

    private readonly KubeApi<Job> api = client.Api<Job>();
    private readonly ConcurrentDictionary<string, Running> running = new();
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Pods that ended with another exit code than 0, so far.</summary>
    public int Restarts => restarts;

    private int restarts;

    public void Start() => loop = Task.Run(() => LoopAsync(stop.Token));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(running.Values.Select(one => one.Work)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListAndWatchAsync(cancellation);
            }
            catch (Exception lost) when (lost is KubeException or HttpRequestException or IOException)
            {
                await Task.Delay(WatchAgain, cancellation);
            }
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellation)
    {
        var version = "";
        HashSet<string> present = [];
        await foreach (var page in api.ListAsync(new Selection(ns), cancellation))
        {
            version = page.ResourceVersion;
            foreach (var job in page.Items)
            {
                present.Add(job.Metadata.Uid ?? "");
                Consider(job);
            }
        }

        foreach (var gone in running.Keys.Where(uid => !present.Contains(uid)))
        {
            Stop(gone);
        }

        await foreach (var seen in api.WatchAsync(new Selection(ns), version, cancellation))
        {
            switch (seen)
            {
                case WatchEvent<Job>.Changed changed: Consider(changed.Resource); break;
                case WatchEvent<Job>.Deleted deleted: Stop(deleted.Resource.Metadata.Uid ?? ""); break;
                case WatchEvent<Job>.Failed: return;
                default: break;
            }
        }
    }

    private void Consider(Job job)
    {
        if (job.Metadata.DeletionTimestamp is not null)
        {
            Stop(job.Metadata.Uid ?? "");
        }
        else if (job.Status?.Conditions is not { Count: > 0 } && job.Spec.Suspend != true)
        {
            running.GetOrAdd(job.Metadata.Uid ?? "", _ => Launch(job));
        }
    }

    private Running Launch(Job job)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        return new Running(cancel, Task.Run(() => RunJobAsync(job, cancel.Token)));
    }

    private void Stop(string uid)
    {
        if (running.TryRemove(uid, out var one))
        {
            one.Cancel.Cancel();
        }
    }

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
        await api.PatchMergeAsync(new ObjectKey(ns, job.Metadata.Name), status, cancellation, "status");
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

    private sealed record Running(CancellationTokenSource Cancel, Task Work);
}
