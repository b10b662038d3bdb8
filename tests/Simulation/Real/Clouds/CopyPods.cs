using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Copying;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation.Real.Bugs;
using Simulation.Real.Running;
using Worker = ByokOperator.Copying.CopyRun;

namespace Simulation.Real.Clouds;

/// <summary>
/// The pods of copy Jobs: the real worker, on what each pod listed a while ago, so that writes slip between. They go on
/// whatever the operator does, for as long as their Job stands.
/// </summary>
internal sealed class CopyPods(World world, Rng rng, Seeding seeding)
{
    public const int Shards = 2;

    private readonly Dictionary<string, Pod?[]> pods = [];
    private readonly Dictionary<(string Run, int Shard), IReadOnlyList<Entry>> first = [];

    public void GetOn(bool isRough)
    {
        if (seeding.Bug == Bug.StragglerCopyLeftRunning)
        {
            Straggle();
        }

        foreach (var home in world.Homes.Where(home => home.Uid is not null))
        {
            foreach (var job in world.People.Jobs(home))
            {
                if (job["status"]?["conditions"] is null && (job["metadata"]!["deletionTimestamp"] is null))
                {
                    GetOn((string)job["metadata"]!["name"]!, job, isRough);
                }
            }
        }
    }

    private void GetOn(string name, JsonObject job, bool isRough)
    {
        if (!pods.TryGetValue(name, out var shards))
        {
            pods[name] = shards = new Pod?[Shards];
        }

        for (var shard = 0; shard < Shards; shard++)
        {
            if (shards[shard] is not { } pod)
            {
                shards[shard] = Begin(Options(job, shard)) with { Pace = isRough && rng.Once(4) ? 8 : 1 };
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

    private Pod Begin(CopyOptions options)
    {
        var listed = world.Account.Find(options.Source.Name)?.List(options.Prefix, null) ?? [];
        var bulk = options.PreviousFingerprint is { } previous ? first.GetValueOrDefault((previous, options.Shard)) : null;
        first.TryAdd((options.Fingerprint, options.Shard), listed);
        return new Pod(options, seeding.Bug switch
        {
            Bug.ReceiptBeforeDelta when bulk is not null => bulk,
            Bug.OneShardCountsAsAll when bulk is not null && options.Shard > 0 => [],
            _ => listed,
        })
        {
            SawReceipt = world.Account.Find(options.Marks.Name)?.Of(options.ReceiptName) is [.., _],
        };
    }

    /// <summary>The pods of Jobs that are gone.</summary>
    private void Straggle()
    {
        foreach (var (name, shards) in pods.Where(pod => world.People.Find<Job>(World.OperatorNamespace, pod.Key) is null).ToList())
        {
            for (var shard = 0; shard < Shards; shard++)
            {
                if (shards[shard] is { IsDone: false })
                {
                    Run(name, shards, shard, isRough: false);
                }
            }
        }
    }

    /// <summary>Whatever runs now stands still until what is returned is called.</summary>
    public Action Stall()
    {
        var all = pods.Values.SelectMany(shards => shards).OfType<Pod>().ToList();
        all.ForEach(pod => pod.IsStalled = true);
        return () => all.ForEach(pod => pod.IsStalled = false);
    }

    private void Run(string name, Pod?[] shards, int shard, bool isRough)
    {
        var pod = shards[shard]!;
        if (pod.IsStalled)
        {
            return;
        }

        var dies = isRough && rng.Once(8);
        var line = new Line(new Weather(rng), world.Time);
        var data = new PodData(new LyingData(new SimData(world.Account, line, () => { }), seeding, world), pod, dies ? rng.Next(12) : int.MaxValue);
        var clock = new ManualTime(world.Now); // its patience, which is drawn, takes none of the world's time
        var hasEnded = new Pump(clock).Finish(() => new Worker(pod.Options, data, clock, NullLogger.Instance, null).RunAsync(CancellationToken.None), TimeSpan.FromMinutes(2), out var task);
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

    private static CopyOptions Options(JsonObject job, int shard)
    {
        const string Prefixed = "--prefix=";
        var words = job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(word => (string)word!).ToList();
        string? After(string option) => words.IndexOf(option) is >= 0 and var at ? words[at + 1] : null;
        var target = PlaceText.Store(After("--target")!)!;
        return new CopyOptions
        {
            Source = PlaceText.Store(After("--source")!)!,
            Prefix = words.Single(word => word.StartsWith(Prefixed, StringComparison.Ordinal))[Prefixed.Length..],
            Target = target,
            Key = PlaceText.Key(After("--key")!, target),
            Fingerprint = After("--run")!,
            PreviousFingerprint = After("--previous"),
            Return = After("--return"),
            MarksKey = After("--marks-key") is { } marks ? PlaceText.Key(marks, target) : null,
            Shard = shard,
            Shards = Shards,
        };
    }
}
