using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace Simulation.Imports;

public sealed class ImportLawTests(ITestOutputHelper output)
{
    /// <summary>Half a minute on two cores; <c>SIM_SEEDS</c> asks for more or fewer.</summary>
    private const int DefaultSeeds = 30_000;

    private const int SeedsToCatchABug = 20_000;

    public static TheoryData<ImportBug> Seeded => [.. Enum.GetValues<ImportBug>().Where(bug => bug != ImportBug.None)];

    [Fact]
    public void No_law_about_imported_keys_is_broken_in_any_seed()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("SIM_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultSeeds;
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        long ticks = 0;
        Parallel.For(0, seeds, (seed, loop) =>
        {
            try
            {
                Interlocked.Add(ref ticks, new ImportRun(seed).ToTheEnd());
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
        TestContext.Current.SendDiagnosticMessage($"{seeds:N0} seeds of imported keys, {ticks:N0} ticks in {watch.Elapsed.TotalSeconds:F1} s");
        broken.OrderBy(line => line.Length).Take(20).ShouldBeEmpty();
    }

    /// <summary>For whoever looks into a seed: <c>SIM_STORY</c> names it.</summary>
    [Fact]
    public void The_story_of_an_imported_key_can_be_told()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SIM_STORY"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 3;
        var story = new List<string>();
        try
        {
            new ImportRun(seed, tell: story.Add).ToTheEnd();
        }
        finally
        {
            story.ForEach(output.WriteLine);
        }

        story.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seeded_bug_of_imported_keys_is_caught(ImportBug bug)
    {
        for (var seed = 0; seed < SeedsToCatchABug; seed++)
        {
            try
            {
                new ImportRun(seed, bug).ToTheEnd();
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
