using System.Text.Json.Nodes;
using Byok.Copying;
using Kube.Core.Kinds;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>
/// The pods of Jobs: real workers, one for each shard. They go on whatever the operator does, for as long as their Job
/// stands; one that fails is followed by another.
/// </summary>
internal abstract class JobPods<TPod>(World world, Rng rng)
    where TPod : class, IPod
{
    public const int Shards = 2;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> uids = [];

    protected Dictionary<string, TPod?[]> Pods { get; } = [];

    /// <summary>Of the Jobs whose pods these are.</summary>
    protected abstract string Verb { get; }

    /// <summary>What a pod of that Job is told, and finds when it begins.</summary>
    protected abstract TPod Begin(JsonObject job, int shard);

    /// <summary>All that it does, until it ends by itself.</summary>
    protected abstract Func<Task<CopyExit>> Work(TPod pod, Line line, ManualTime clock, bool isRough);

    protected void GetOn(IEnumerable<Home> homes, bool isRough)
    {
        foreach (var job in homes.SelectMany(world.People.Jobs))
        {
            if (VerbOf(job) == Verb && job["status"]?["conditions"] is null
                && job["metadata"]!["deletionTimestamp"] is null)
            {
                GetOn((string)job["metadata"]!["name"]!, job, isRough);
            }
        }
    }

    protected void Run(string name, TPod?[] shards, int shard, bool isRough)
    {
        var pod = shards[shard]!;
        var clock = new ManualTime(world.Now); // its patience, which is drawn, takes none of the world's time
        var hasEnded = new Pump(clock).Finish(Work(pod, new Line(new Weather(rng), world.Time), clock, isRough),
            patience, out var task);
        var run = (Task<CopyExit>)task;
        if (!hasEnded || !run.IsCompletedSuccessfully || run.Result is CopyExit.Retry)
        {
            shards[shard] = null; // another pod takes its place, and looks for itself
        }
        else if (run.Result == CopyExit.Done)
        {
            pod.IsDone = true;
        }
        else if (world.People.Find<Job>(World.OperatorNamespace, name) is not null)
        {
            world.People.EndJob(name, "Failed");
        }
    }

    private static string? VerbOf(JsonObject job) =>
        (string?)job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]![0];

    private void GetOn(string name, JsonObject job, bool isRough)
    {
        var uid = (string)job["metadata"]!["uid"]!;
        if (!Pods.TryGetValue(name, out var shards) || uids[name] != uid)
        {
            (Pods[name], uids[name]) = (shards = new TPod?[Shards], uid); // another Job of its name has other pods
        }

        for (var shard = 0; shard < Shards; shard++)
        {
            if (shards[shard] is not { } pod)
            {
                shards[shard] = Begin(job, shard);
                shards[shard]!.Pace = isRough && rng.Once(4) ? 8 : 1;
            }
            else if (!pod.IsDone && (!isRough || rng.Once(pod.Pace)) && !pod.IsStalled)
            {
                Run(name, shards, shard, isRough);
            }
        }

        if (Array.TrueForAll(shards, pod => pod is { IsDone: true }))
        {
            world.People.EndJob(name, "Complete");
        }
    }
}
