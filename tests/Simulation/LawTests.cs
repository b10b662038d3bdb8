using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Simulation;

public sealed class LawTests(ITestOutputHelper output)
{
    /// <summary>One hundred thousand stories take about a minute on two cores; <c>SIM_SEEDS</c> asks for more or fewer.</summary>
    private const int DefaultSeeds = 100_000;

    /// <summary>Most bugs show within a few hundred seeds.</summary>
    private const int SeedsToCatchABug = 20_000;

    public static TheoryData<Bug> Seeded => [.. Enum.GetValues<Bug>().Where(bug => bug != Bug.None)];

    [Fact]
    public void No_law_is_broken_in_any_seed()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("SIM_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultSeeds;
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        long ticks = 0;
        Parallel.For(0, seeds, (seed, loop) =>
        {
            try
            {
                Interlocked.Add(ref ticks, new Run(seed).ToTheEnd());
            }
            catch (LawBrokenException law)
            {
                broken.Add($"seed {seed}: {law.Message}");
                if (broken.Count > 20)
                {
                    loop.Stop();
                }
            }
        });
        output.WriteLine($"{seeds:N0} seeds, {ticks:N0} ticks in {watch.Elapsed.TotalSeconds:F1} s");
        TestContext.Current.SendDiagnosticMessage($"{seeds:N0} seeds, {ticks:N0} ticks in {watch.Elapsed.TotalSeconds:F1} s");
        broken.OrderBy(line => line.Length).Take(20).ShouldBeEmpty();
    }

    /// <summary>For whoever looks into a seed: <c>SIM_STORY</c> names it, <c>SIM_BUG</c> the bug that is seeded.</summary>
    [Fact]
    public void The_story_of_a_seed_can_be_told()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SIM_STORY"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 3;
        _ = Enum.TryParse<Bug>(Environment.GetEnvironmentVariable("SIM_BUG"), out var bug);
        var story = new List<string>();
        try
        {
            new Run(seed, bug, story).ToTheEnd();
        }
        finally
        {
            story.ForEach(output.WriteLine);
        }

        story.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seeded_bug_is_caught(Bug bug)
    {
        for (var seed = 0; seed < SeedsToCatchABug; seed++)
        {
            try
            {
                new Run(seed, bug).ToTheEnd();
            }
            catch (LawBrokenException law)
            {
                output.WriteLine($"{bug}: seed {seed}, {law.Message}");
                return;
            }
        }

        Assert.Fail($"{bug} was not caught in {SeedsToCatchABug:N0} seeds");
    }
}
