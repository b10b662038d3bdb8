using System.Collections.Concurrent;
using System.Text;

namespace Cluster.Tests.Moving;

/// <summary>
/// Workloads that follow their binding while a store moves: some read what stands there and compare it, some write new
/// objects and one each over and over. Each call is counted, and each refusal with its code. A call that is refused
/// where the binding led for at least the overlap before, and does not any more, was turned, and is made anew.
/// </summary>
/// <param name="binding">Where to.</param>
/// <param name="workload">By whom.</param>
/// <param name="overlap">How long the store is to be read and written by an old binding.</param>
/// <param name="makesNames">Whether writers make new names, or write over <see cref="Names"/> alone.</param>
internal sealed class Traffic(FollowedBinding binding, IWorkload workload, TimeSpan overlap, bool makesNames)
{
    public const string Prefix = "acme/live/";

    private const int Writers = 2;
    private const int Readers = 2;

    /// <summary>Names of each writer's that are written over, in turn.</summary>
    private const int Round = 4;

    private static readonly TimeSpan writing = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan reading = TimeSpan.FromMilliseconds(30);

    private readonly ConcurrentQueue<Write>[] writes =
        [.. Enumerable.Range(0, Writers).Select(_ => new ConcurrentQueue<Write>())];
    private readonly ConcurrentDictionary<string, long> refusedReads = new();
    private readonly ConcurrentQueue<string> wrongReads = new();
    private Task all = Task.CompletedTask;
    private volatile bool isOver;
    private long reads;
    private long turned;

    /// <summary>What has to stand before they begin, where they make no new names.</summary>
    public static IEnumerable<string> Names =>
        Enumerable.Range(0, Writers).SelectMany(writer => Enumerable.Range(0, Round).Select(at => Over(writer, at)));

    public long Reads => Interlocked.Read(ref reads);

    /// <summary>How often, by code.</summary>
    public IReadOnlyDictionary<string, long> RefusedReads => refusedReads.ToDictionary();

    /// <summary>Names that held what they were never given.</summary>
    public IEnumerable<string> WrongReads => wrongReads;

    /// <summary>In each writer's order.</summary>
    public IEnumerable<Write> Writes => writes.SelectMany(one => one);

    public long Taken => Writes.Count(write => write.Refusal is null);

    public long Refused => Writes.Count(write => write.Refusal is not null);

    /// <param name="standing">What is read: nobody writes it meanwhile.</param>
    public void Start(IReadOnlyList<(string Name, string Digest)> standing) => all = Task.WhenAll(
    [
        .. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))),
        .. Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(new Random(reader), standing))),
    ]);

    /// <summary>None is given up half way; what one threw is thrown.</summary>
    public Task StopAsync()
    {
        isOver = true;
        return all;
    }

    /// <summary>Digests of what was taken under each name, in that order.</summary>
    public IReadOnlyDictionary<string, List<string>> TakenByName() =>
        Writes.Where(write => write.Refusal is null).GroupBy(write => write.Name)
            .ToDictionary(name => name.Key, name => name.Select(write => write.Digest).ToList());

    public override string ToString() =>
        $"{Reads} reads, {refusedReads.Values.Sum()} of them refused, {Taken} writes taken and {Refused} refused, "
            + $"{Interlocked.Read(ref turned)} calls turned with the binding";

    private static string Over(int writer, int at) => $"{Prefix}over-{writer}-{at}";

    private async Task WriteAsync(int writer)
    {
        for (var number = 0; !isOver; number++, await Task.Delay(writing))
        {
            var name = makesNames && number % 2 == 1 ? $"{Prefix}new-{writer}-{number:00000}"
                : Over(writer, makesNames ? 0 : number % Round);
            var content = Encoding.UTF8.GetBytes($"{writer} {number} {name}");
            var used = await binding.CurrentAsync();
            var refusal = await workload.WriteAsync(used.Data, name, content);
            if (refusal is null || !await IsTurnedAsync(used))
            {
                writes[writer].Enqueue(new(name, IWorkload.DigestOf(content), refusal) { Writer = writer });
            }
        }
    }

    private async Task ReadAsync(Random random, IReadOnlyList<(string Name, string Digest)> standing)
    {
        for (; !isOver; await Task.Delay(reading))
        {
            var (name, digest) = standing[random.Next(standing.Count)];
            var used = await binding.CurrentAsync();
            var (read, refusal) = await workload.ReadAsync(used.Data, name);
            if (refusal is not null && await IsTurnedAsync(used))
            {
                continue;
            }

            Interlocked.Increment(ref reads);
            if (refusal is not null)
            {
                refusedReads.AddOrUpdate(refusal, 1, (_, count) => count + 1);
            }
            else if (read != digest)
            {
                wrongReads.Enqueue(name);
            }
        }
    }

    private async Task<bool> IsTurnedAsync(FollowedBinding.Seen used)
    {
        var age = used.Age;
        if (age < overlap || used.LeadsAsDoes(await binding.AgainAsync()))
        {
            return false;
        }

        Interlocked.Increment(ref turned);
        return true;
    }

    /// <param name="Refusal">Its code; null where it was taken.</param>
    public sealed record Write(string Name, string Digest, string? Refusal)
    {
        public int Writer { get; init; }
    }
}
