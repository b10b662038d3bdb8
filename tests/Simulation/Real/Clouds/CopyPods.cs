using System.Text.Json.Nodes;
using Byok.Copying;
using ByokOperator.Api;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation.Real.Bugs;
using Simulation.Real.Running;
using Worker = Byok.Copying.CopyRun;

namespace Simulation.Real.Clouds;

/// <summary>
/// The pods of copy Jobs: the real worker, on what each pod listed a while ago, so that writes slip between. They go on
/// whatever the operator does, for as long as their Job stands.
/// </summary>
internal sealed class CopyPods(World world, Rng rng, Seeding seeding) : JobPods<Pod>(world, rng)
{
    private readonly World world = world;
    private readonly Rng rng = rng;
    private readonly Dictionary<(string Run, int Shard), IReadOnlyList<Entry>> first = [];

    public void GetOn(bool isRough)
    {
        if (seeding.Bug == Bug.StragglerCopyLeftRunning)
        {
            Straggle();
        }

        GetOn(world.Homes.Where(home => home.Uid is not null), isRough);
    }

    protected override string Verb => CopyCommand.Verb;

    protected override Pod Begin(JsonObject job, int shard)
    {
        var options = Options(job, shard);
        var listed = world.Account.Find(options.Source.Name)?.List(options.Prefix, null) ?? [];
        var bulk = options.PreviousFingerprint is { } previous ? first.GetValueOrDefault((previous, options.Shard))
            : null;
        first.TryAdd((options.Fingerprint, options.Shard), listed);
        return new Pod(options, seeding.Bug switch
        {
            Bug.ReceiptBeforeDelta when bulk is not null => bulk,
            Bug.OneShardCountsAsAll when bulk is not null && options.Shard > 0 => [],
            var bug => Returned.Listed(bug, options.Return is not null, listed),
        })
        {
            SawReceipt = world.Account.Find(options.Marks.Name)?.Of(options.ReceiptName) is [.., _],
        };
    }

    /// <summary>The pods of Jobs that are gone.</summary>
    private void Straggle()
    {
        foreach (var (name, shards) in Pods.Where(pod =>
            world.People.Find<Job>(World.OperatorNamespace, pod.Key) is null).ToList())
        {
            for (var shard = 0; shard < Shards; shard++)
            {
                if (shards[shard] is { IsDone: false, IsStalled: false })
                {
                    Run(name, shards, shard, isRough: false);
                }
            }
        }
    }

    /// <summary>Whatever runs now stands still until what is returned is called.</summary>
    public Action Stall()
    {
        var all = Pods.Values.SelectMany(shards => shards).OfType<Pod>().ToList();
        all.ForEach(pod => pod.IsStalled = true);
        return () => all.ForEach(pod => pod.IsStalled = false);
    }

    protected override Func<Task<CopyExit>> Work(Pod pod, Line line, ManualTime clock, bool isRough)
    {
        var dies = isRough && rng.Once(8);
        var data = new PodData(
            seeding.Handed(new SimData(world.Account, line, () => { })), pod, dies ? rng.Next(12) : int.MaxValue);
        return () => new Worker(pod.Options, data, clock, NullLogger.Instance, null).RunAsync(CancellationToken.None);
    }

    private static CopyOptions Options(JsonObject job, int shard)
    {
        const string Prefixed = "--prefix=";
        var words = job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray()
            .Select(word => (string)word!).ToList();
        string? After(string option) => words.IndexOf(option) is >= 0 and var at ? words[at + 1] : null;
        var target = PlaceText.Store(After("--target")!)!;
        return new CopyOptions
        {
            Source = PlaceText.Store(After("--source")!)!,
            Prefix = words.SingleOrDefault(word => word.StartsWith(Prefixed, StringComparison.Ordinal))
                is { } prefixed ? prefixed[Prefixed.Length..] : "",
            IsWhole = words.Contains("--whole"),
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
