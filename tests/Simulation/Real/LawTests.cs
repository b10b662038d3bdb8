using Xunit;

namespace Simulation.Real;

public sealed class LawTests(ITestOutputHelper output)
{
    /// <summary>A seed takes a third of a second: it is the whole operator that runs. <c>tests/soak.sh</c> asks for more.</summary>
    private const int DefaultSeeds = 40;

    private const int SeedsTwice = 3;

    private readonly Seeds<Bug> seeds = new(output, (seed, bug, tell) => new Run(seed, bug, tell).ToTheEnd()) { Variable = "SIM_REAL_SEEDS" };

    [Fact]
    public void No_law_is_broken_in_any_seed_of_the_real_operator() => seeds.KeepTheLaws(DefaultSeeds, "seeds of the real operator");

    [Fact]
    public void The_same_seed_tells_the_same_story() => seeds.TellTheSame(SeedsTwice);

    [Fact]
    public void The_story_of_a_seed_can_be_told() => seeds.TellAStory();
}
