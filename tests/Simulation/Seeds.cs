using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Simulation;

/// <summary>A simulation, seed by seed: that none breaks a law, that a seeded bug makes one,
/// and the story of one.</summary>
/// <param name="run">Runs a seed to its end with that bug and that listener, and gives the ticks it took.</param>
internal sealed class Seeds<TBug>(ITestOutputHelper output, Func<int, TBug, Action<string>?, int> run)
    where TBug : struct, Enum
{
    /// <summary>Which another one is, where a seed tells another story than it did:
    /// for whoever changed the world.</summary>
    private const int MostToLookElsewhere = 500;

    /// <summary>Enough to see what the broken ones have in common.</summary>
    private const int MostShown = 20;

    /// <summary>Told where nobody names another.</summary>
    private const int UsualStory = 3;

    /// <summary>A long run says where it is, each time after so many.</summary>
    private const int TellEach = 2_000;

    /// <summary>Asks for more seeds or fewer.</summary>
    private const string Count = "SIM_SEEDS";

    /// <summary>
    /// Names a file that each seed's digest of its story is added to: whoever makes the world faster, and nothing else
    /// of it, compares what is written before and after.
    /// </summary>
    private const string Digests = "SIM_DIGESTS";

    /// <summary>Each at work keeps a whole world in memory: more of them than cores only wait for each other.</summary>
    private static readonly ParallelOptions asManyAsCores =
        new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <param name="count">How many, unless the environment asks for more or fewer.</param>
    /// <param name="what">What the closing line calls them.</param>
    public void KeepTheLaws(int count, string what)
    {
        var seeds = Asked(Count, count);
        var first = Asked(Count + "_FROM", 0);
        var watch = Stopwatch.StartNew();
        var cost = new Cost(seeds, (done, each) => TestContext.Current.SendDiagnosticMessage(
            $"{done:N0} of {seeds:N0} {what} from {first:N0} on, {watch.Elapsed.TotalSeconds:F0} s, {each:F3} s of "
                + $"CPU each, {GC.GetTotalMemory(false) / 1_000_000} MB"));
        var broken = new ConcurrentBag<string>();
        var digests = Environment.GetEnvironmentVariable(Digests) is null ? null : new ConcurrentQueue<string>();
        long ticks = 0;
        Parallel.For(first, first + seeds, asManyAsCores, (seed, loop) =>
        {
            var told = digests is null ? Untold(seed) : Tell(seed);
            digests?.Enqueue($"{what} {seed:D8} {told.Digest}");
            if (told.Failure is null)
            {
                Interlocked.Add(ref ticks, told.Ticks);
                cost.One();
                return;
            }

            broken.Add(told.Explained(Tell(seed), Tell(seed)));
            if (broken.Count > MostShown)
            {
                loop.Stop();
            }
        });
        var closing =
            $"{seeds:N0} {what} from {first:N0} on, {broken.Count:N0} of them broke a law, {ticks:N0} ticks in "
                + $"{watch.Elapsed.TotalSeconds:F1} s, {cost.OfOne:F3} s of CPU each once warm; "
                + $"{Cluster.Tests.Primitives.Load.Now}";
        output.WriteLine(closing);
        TestContext.Current.SendDiagnosticMessage(closing);
        if (digests is not null)
        {
            File.AppendAllLines(Environment.GetEnvironmentVariable(Digests)!, digests.Order(StringComparer.Ordinal));
        }

        broken.OrderBy(line => line.Length).Take(MostShown).ShouldBeEmpty();
    }

    /// <summary>For whoever looks into a seed: <c>SIM_STORY</c> names it,
    /// <c>SIM_BUG</c> the bug that is seeded.</summary>
    public void TellAStory()
    {
        _ = Enum.TryParse<TBug>(Environment.GetEnvironmentVariable("SIM_BUG"), out var bug);
        var story = new List<string>();
        try
        {
            run(Asked("SIM_STORY", UsualStory), bug, line => Note(story, line));
        }
        finally
        {
            story.ForEach(output.WriteLine);
        }

        story.ShouldNotBeEmpty();
    }

    /// <summary>A seed is worth something only while whoever runs it again sees the same.</summary>
    public void TellTheSame(int count)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var (one, other) = (Tell(seed), Tell(seed));
            other.Story.ShouldBe(one.Story, $"seed {seed}");
            $"{other}, {other.Ticks} ticks".ShouldBe($"{one}, {one.Ticks} ticks");
        }
    }

    /// <summary>No law is broken in this one.</summary>
    public void KeepTheLawsIn(int seed)
    {
        if (Tell(seed) is { Failure: not null } told)
        {
            Assert.Fail(told.Explained(told, Tell(seed)));
        }
    }

    /// <summary>In that seed a law is broken with the bug, and none without it.</summary>
    public void CatchIn(int seed, TBug bug)
    {
        KeepTheLawsIn(seed);
        if (Broken(seed, bug) is { } law)
        {
            output.WriteLine($"{bug}: seed {seed}, {law.Message}");
            return;
        }

        Assert.Fail($"{bug} is not caught in seed {seed} any more: {Elsewhere(bug)}");
    }

    private string Elsewhere(TBug bug)
    {
        for (var seed = 0; seed < MostToLookElsewhere; seed++)
        {
            if (Broken(seed, bug) is { } law)
            {
                return $"it is in seed {seed} ({law.Message})";
            }
        }

        return $"nor in {MostToLookElsewhere:N0} others";
    }

    private LawBrokenException? Broken(int seed, TBug bug)
    {
        try
        {
            run(seed, bug, null);
            return null;
        }
        catch (LawBrokenException law)
        {
            return law;
        }
    }

    private Told Tell(int seed) => Told.Of(seed, tell => run(seed, default, tell));

    /// <summary>Without a word: most come to their end, and nobody reads how.</summary>
    private Told Untold(int seed) => Told.Of(seed, _ => run(seed, default, null));

    /// <summary>Of a seed, without what it takes to compile everything first: the second half of them tells.</summary>
    private sealed class Cost(int seeds, Action<int, double> tell)
    {
        private readonly int half = (seeds + 1) / 2;
        private readonly TimeSpan atStart = Environment.CpuUsage.TotalTime;
        private int done;
        private TimeSpan atHalf;

        public double OfOne => (Environment.CpuUsage.TotalTime - atHalf).TotalSeconds / Math.Max(1, done - half);

        public void One()
        {
            var now = Interlocked.Increment(ref done);
            if (now == half)
            {
                atHalf = Environment.CpuUsage.TotalTime;
            }

            if (now % TellEach == 0)
            {
                tell(now, (Environment.CpuUsage.TotalTime - atStart).TotalSeconds / now);
            }
        }
    }

    private static int Asked(string variable, int unlessAsked) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture,
            out var asked) ? asked : unlessAsked;

    private static void Note(List<string> story, string line)
    {
        if (story.Count == 0 || story[^1] != line)
        {
            story.Add(line);
        }
    }
}
