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
        jobs = new Follower<Job>(api, ns,
            job => job.Status?.Conditions is not { Count: > 0 } && job.Spec.Suspend != true, RunJobAsync);
    }

    /// <summary>Pods that ended with another exit code than 0, so far.</summary>
    public int Restarts => restarts;

    public void Start() => jobs.Start();

    public ValueTask DisposeAsync() => jobs.DisposeAsync();

    private async Task RunJobAsync(Job job, CancellationToken cancellation)
    {
        var container = job.Spec.Template?.Spec?.Containers is [var only, ..] ? only
            : throw new InvalidOperationException($"job {job.Metadata.Name} has no container");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var hasFailed = false;
        await Task.WhenAll(Enumerable.Range(0, job.Spec.Completions ?? 1).Select(async index =>
        {
            try
            {
                if (!await RunPodAsync(job, container, index, ending.Token))
                {
                    hasFailed = true;
                    await ending.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (hasFailed && !cancellation.IsCancellationRequested)
            {
                // Another pod ended the Job.
            }
        }));
        if (hasFailed)
        {
            await api.PatchMergeAsync(job.Metadata.Key, Ended("Failed", new JsonObject { ["failed"] = 1 }),
                cancellation, "status");
            return;
        }

        var status = new JsonObject { ["succeeded"] = job.Spec.Completions ?? 1 };
        await api.PatchMergeAsync(job.Metadata.Key, Ended("Complete", status), cancellation, "status");
    }

    private static JsonObject Ended(string condition, JsonObject status)
    {
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'",
            System.Globalization.CultureInfo.InvariantCulture);
        status["startTime"] = now;
        status["completionTime"] = now;
        status["conditions"] =
            new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["lastTransitionTime"] = now });
        return new JsonObject { ["status"] = status };
    }

    /// <summary>False where its exit code ends the Job.</summary>
    private async Task<bool> RunPodAsync(Job job, Container container, int index, CancellationToken cancellation)
    {
        var environment = (container.Env ?? []).Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Name, entry => entry.Value!);
        if (job.Spec.CompletionMode == "Indexed")
        {
            environment["JOB_COMPLETION_INDEX"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        while (true)
        {
            var code = await run(new PodCall(container.Args ?? [], environment), cancellation);
            if (code == 0 || EndsJob(job, code))
            {
                return code == 0;
            }

            Interlocked.Increment(ref restarts);
            await Task.Delay(RestartPause, cancellation);
        }
    }

    private static bool EndsJob(Job job, int code) =>
        job.Spec.PodFailurePolicy?.Rules?.Any(rule =>
            rule is { Action: "FailJob", OnExitCodes: { OperatorProperty: "In", Values: { } values } }
                && values.Contains(code)) == true;
}
