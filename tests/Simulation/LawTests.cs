using Xunit;

namespace Simulation;

public sealed class LawTests(ITestOutputHelper output)
{
    /// <summary>A few seconds on two cores; <c>tests/soak.sh</c> runs a hundred times as many.</summary>
    private const int DefaultSeeds = 10_000;

    private readonly Seeds<Bug> seeds = new(output, (seed, bug, tell) => new Run(seed, bug, tell).ToTheEnd());

    public static TheoryData<Bug> Seeded => Seeds<Bug>.Bugs;

    [Fact]
    public void No_law_is_broken_in_any_seed() => seeds.KeepTheLaws(DefaultSeeds, "seeds");

    [Fact]
    public void The_story_of_a_seed_can_be_told() => seeds.TellAStory();

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seeded_bug_is_caught(Bug bug) => seeds.Catch(bug);
}
