using Xunit;

namespace Simulation.Imports;

public sealed class ImportLawTests(ITestOutputHelper output)
{
    /// <summary>A few seconds on two cores; <c>tests/soak.sh</c> runs a hundred times as many.</summary>
    private const int DefaultSeeds = 10_000;

    private readonly Seeds<ImportBug> seeds = new(output, (seed, bug, tell) => new ImportRun(seed, bug, tell).ToTheEnd());

    public static TheoryData<ImportBug> Seeded => Seeds<ImportBug>.Bugs;

    [Fact]
    public void No_law_about_imported_keys_is_broken_in_any_seed() => seeds.KeepTheLaws(DefaultSeeds, "seeds of imported keys");

    [Fact]
    public void The_story_of_an_imported_key_can_be_told() => seeds.TellAStory();

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seeded_bug_of_imported_keys_is_caught(ImportBug bug) => seeds.Catch(bug);
}
