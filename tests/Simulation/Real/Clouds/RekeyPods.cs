using System.Text.Json.Nodes;
using ByokOperator.Copying;
using ByokOperator.Reencrypting;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation.Real.Bugs;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>
/// The pods of Jobs that put a store's objects under its new key: the real worker, on what each pod listed a while ago, so that writes slip
/// between. They go on whatever the operator does, for as long as their Job stands.
/// </summary>
internal sealed class RekeyPods(World world, Rng rng, Seeding seeding)
{
    private readonly Dictionary<string, RekeyPod?[]> pods = [];

    public void GetOn(bool isRough)
    {
        foreach (var job in world.Homes.SelectMany(world.People.Jobs))
        {
            if (job["status"]?["conditions"] is null && job["metadata"]!["deletionTimestamp"] is null)
            {
                GetOn((string)job["metadata"]!["name"]!, job, isRough);
            }
        }
    }

    private void GetOn(string name, JsonObject job, bool isRough)
    {
        if (!pods.TryGetValue(name, out var shards))
        {
            pods[name] = shards = new RekeyPod?[CopyPods.Shards];
        }

        for (var shard = 0; shard < CopyPods.Shards; shard++)
        {
            if (shards[shard] is not { } pod)
            {
                var options = Options(job, shard);
                shards[shard] = new RekeyPod(options, Listed(options)) { Pace = isRough && rng.Once(4) ? 8 : 1 };
            }
            else if (!pod.IsDone && (!isRough || rng.Once(pod.Pace)))
            {
                Run(name, shards, shard, isRough);
            }
        }

        if (Array.TrueForAll(shards, pod => pod is { IsDone: true }))
        {
            world.People.EndJob(name, "Complete");
        }
    }

    private IReadOnlyList<Entry> Listed(ReencryptionOptions options)
    {
        var bucket = world.Account.Find(options.Store.Name);
        return bucket is null ? [] : [.. bucket.List("", null).Where(entry => seeding.Lists(entry.Key, ReferenceEquals(bucket.Of(entry.Key)[^1], entry)))];
    }

    private void Run(string name, RekeyPod?[] shards, int shard, bool isRough)
    {
        var pod = shards[shard]!;
        var line = new Line(new Weather(rng), world.Time);
        var mortal = new Mortal(isRough && rng.Once(6) ? rng.Next(16) : int.MaxValue);
        var data = new RekeyData(
            new LyingData(new SimData(world.Account, line, () => { }), seeding, world),
            new LyingEncryption(new SimEncryption(world.Account, line, () => { }), seeding),
            pod.Listed, mortal)
        {
            Overwrites = seeding.Bug == Bug.NewerObjectIsWrittenOver ? world.Account.Find(pod.Options.Store.Name) : null,
        };
        var clock = new ManualTime(world.Now); // its patience, which is drawn, takes none of the world's time
        var hasEnded = new Pump(clock).Finish(
            () => new ReencryptionRun(pod.Options, new ReencryptionPorts(data, data), clock, NullLogger.Instance).RunAsync(CancellationToken.None), TimeSpan.FromMinutes(2), out var task);
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

    private static ReencryptionOptions Options(JsonObject job, int shard)
    {
        var words = job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(word => (string)word!).ToList();
        string After(string option) => words[words.IndexOf(option) + 1];
        var store = PlaceText.Store(After("--store"))!;
        return new ReencryptionOptions
        {
            Store = store,
            Key = PlaceText.Key(After("--key"), store),
            OldKeys = [.. words.Zip(words.Skip(1)).Where(pair => pair.First == "--old-key").Select(pair => pair.Second)],
            Engine = Enum.Parse<ReencryptionEngine>(After("--engine")),
            Fingerprint = After("--run"),
            Attempt = int.Parse(After("--attempt"), System.Globalization.CultureInfo.InvariantCulture),
            Shard = shard,
            Shards = CopyPods.Shards,
        };
    }

    /// <param name="Listed">What it found when it began.</param>
    private sealed record RekeyPod(ReencryptionOptions Options, IReadOnlyList<Entry> Listed)
    {
        /// <summary>It gets on once in so many turns.</summary>
        public int Pace { get; init; }

        public bool IsDone { get; set; }
    }
}
