using System.Text.Json.Nodes;
using Byok.Copying;
using ByokOperator.Reencrypting;
using Microsoft.Extensions.Logging.Abstractions;
using Simulation.Real.Bugs;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>
/// The pods of Jobs that put a store's objects under its new key: the real worker, on what each pod listed a while ago,
/// so that writes slip between. They go on whatever the operator does, for as long as their Job stands.
/// </summary>
internal sealed class RekeyPods(World world, Rng rng, Seeding seeding) : JobPods<RekeyPods.RekeyPod>(world, rng)
{
    private readonly World world = world;
    private readonly Rng rng = rng;

    public void GetOn(bool isRough) => GetOn(world.Homes, isRough);

    protected override string Verb => ReencryptCommand.Verb;

    protected override RekeyPod Begin(JsonObject job, int shard)
    {
        var options = Options(job, shard);
        return new RekeyPod(options, Listed(options));
    }

    protected override Func<Task<CopyExit>> Work(RekeyPod pod, Line line, ManualTime clock, bool isRough)
    {
        var mortal = new Mortal(isRough && rng.Once(6) ? rng.Next(16) : int.MaxValue);
        var data = new RekeyData(
            new LyingData(new SimData(world.Account, line, () => { }), seeding, world),
            new LyingEncryption(new SimEncryption(world.Account, line, () => { }), seeding),
            pod.Listed, mortal)
        {
            Overwrites = seeding.Bug == Bug.NewerObjectIsWrittenOver ? world.Account.Find(pod.Options.Store.Name)
                : null,
        };
        return () =>
            new ReencryptionRun(pod.Options, new ReencryptionPorts(data, data), clock,
                NullLogger.Instance).RunAsync(CancellationToken.None);
    }

    private IReadOnlyList<Entry> Listed(ReencryptionOptions options)
    {
        var bucket = world.Account.Find(options.Store.Name);
        return bucket is null ? []
            : [.. bucket.List("", null)
                .Where(entry => seeding.Lists(entry.Key, ReferenceEquals(bucket.Of(entry.Key)[^1], entry)))];
    }

    private static ReencryptionOptions Options(JsonObject job, int shard)
    {
        var words = job["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray()
            .Select(word => (string)word!).ToList();
        string After(string option) => words[words.IndexOf(option) + 1];
        var store = PlaceText.Store(After("--store"))!;
        return new ReencryptionOptions
        {
            Store = store,
            Key = PlaceText.Key(After("--key"), store),
            OldKeys =
                [.. words.Zip(words.Skip(1)).Where(pair => pair.First == "--old-key").Select(pair => pair.Second)],
            Engine = Enum.Parse<ReencryptionEngine>(After("--engine")),
            Fingerprint = After("--run"),
            Attempt = int.Parse(After("--attempt"), System.Globalization.CultureInfo.InvariantCulture),
            Shard = shard,
            Shards = Shards,
        };
    }

    /// <param name="Listed">What it found when it began.</param>
    internal sealed record RekeyPod(ReencryptionOptions Options, IReadOnlyList<Entry> Listed) : IPod
    {
        public int Pace { get; set; }

        public bool IsDone { get; set; }

        public bool IsStalled => false;
    }
}
