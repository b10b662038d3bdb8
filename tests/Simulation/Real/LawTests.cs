using Shouldly;
using Simulation.Real.Changes;
using Simulation.Real.Materials;
using Simulation.Real.Returns;
using Xunit;

namespace Simulation.Real;

public sealed class LawTests(ITestOutputHelper output)
{
    /// <summary>A seed takes a tenth of a second: it is the whole operator that runs.
    /// <c>tests/soak.sh</c> asks for more.</summary>
    private const int DefaultSeeds = 80;

    /// <summary>Of lives that take longer.</summary>
    private const int FewSeeds = 40;

    private const int SeedsTwice = 3;

    private readonly Seeds<Bug> seeds = new(output, (seed, bug, tell) => new Run(seed, bug, tell).ToTheEnd());

    /// <summary>Of stores that go from key to key.</summary>
    private readonly Seeds<Bug> changes = new(output, (seed, bug, tell) => new ChangeRun(seed, bug, tell).ToTheEnd());

    /// <summary>The same on Azure.</summary>
    private readonly Seeds<Bug> rewraps =
        new(output, (seed, bug, tell) => new ChangeRun(seed, bug, tell, isAzure: true).ToTheEnd());

    /// <summary>Of stores whose data goes back.</summary>
    private readonly Seeds<Bug> returns = new(output, (seed, bug, tell) => new ReturnRun(seed, bug, tell).ToTheEnd());

    /// <summary>Of stores whose data goes back when they are deleted.</summary>
    private readonly Seeds<Bug> deletions =
        new(output, (seed, bug, tell) => new ReturnRun(seed, bug, tell, isByDeletion: true).ToTheEnd());

    /// <summary>Of imported keys that are given new material.</summary>
    private readonly Seeds<Bug> materials =
        new(output, (seed, bug, tell) => new MaterialRun(seed, bug, tell).ToTheEnd());

    /// <summary>Bugs that take a whole life of a store to show, each with a seed that catches it.</summary>
    private static readonly Dictionary<Bug, int> caughtIn = new()
    {
        [Bug.BlindMeansAbsent] = 1,
        [Bug.NoWriteFence] = 0,
        [Bug.ActsWithoutPrecondition] = 2,
        [Bug.StoredPhase] = 0,
        [Bug.ClockForgottenAtRestart] = 2,
        [Bug.OpensBeforeAnyProof] = 172,
        [Bug.GateTakesOldProofs] = 2871,
        [Bug.CopiesAreForgotten] = 5,
        [Bug.ClosesOnlyWhatIsBound] = 1,
        [Bug.FailedLookKillsTheReconcile] = 0,
        [Bug.DeniesWhoeverItIs] = 7,
        [Bug.DeletesByPrefixWithoutSlash] = 0,
        [Bug.NoOwnershipCheck] = 7,
        [Bug.ReceiptBeforeDelta] = 0,
        [Bug.OneShardCountsAsAll] = 4,
        [Bug.NoServedMark] = 0,
        [Bug.FenceLiftedBeforeRetired] = 0,
        [Bug.RetiresBeforeServed] = 0,
        [Bug.DeletingRetiresTheSource] = 0,
        [Bug.LiftsAnyFence] = 389,
        [Bug.ClaimIsSkipped] = 0,
        [Bug.FenceIsNeverLifted] = 0,
        [Bug.ReportsAtEachLook] = 0,
        [Bug.EarlierIsForgotten] = 14,
    };

    public static TheoryData<Bug> Seeded => [.. caughtIn.Keys];

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seeded_bug_is_caught(Bug bug) => seeds.CatchIn(caughtIn[bug], bug);

    /// <summary>The first: copies of an earlier object ran on when its place was taken back. The last: a key was
    /// ended whose retained bucket the operator might not look at. The others were the world's own mistakes.</summary>
    [Theory]
    [InlineData(478)]
    [InlineData(1120)]
    [InlineData(615)]
    [InlineData(337)]
    [InlineData(311)]
    [InlineData(262)]
    [InlineData(289)]
    [InlineData(2752)]
    [InlineData(3096)]
    [InlineData(3079)]
    public void No_law_is_broken_in_a_seed_that_once_found_something(int seed) => seeds.KeepTheLawsIn(seed);

    /// <summary>A process that had just begun waited with a closing for its
    /// judgement of a key that did not count any more.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(19)]
    [InlineData(36)]
    public void No_law_is_broken_in_a_seed_of_a_change_of_key_that_once_found_something(int seed) =>
        changes.KeepTheLawsIn(seed);

    /// <summary>The first: nobody knew the tenant any more of a store without a key whose record was swapped,
    /// and its bucket stood open. The second: copies went on without the hold.</summary>
    [Theory]
    [InlineData(1271)]
    [InlineData(1104)]
    public void No_law_is_broken_in_a_seed_of_a_return_that_once_found_something(int seed) =>
        returns.KeepTheLawsIn(seed);

    /// <summary>A raise came between decision and act: the law's own mistake.</summary>
    [Fact]
    public void No_law_is_broken_in_a_seed_of_new_material_that_once_found_something() =>
        materials.KeepTheLawsIn(1256);

    [Fact]
    public void Every_bug_that_can_be_seeded_is_shown() =>
        Enum.GetValues<Bug>().Except(caughtIn.Keys)
            .Except(CaseTests.Bugs.Concat(ImportTests.Bugs).Concat(ChangeTests.Bugs).Concat(NextBucketTests.Bugs)
                .Concat(MaterialTests.Bugs)
                .Concat(MaterialBugTests.Bugs).Concat(ReturnTests.Bugs)
                .Concat(DeletionTests.Bugs).Concat(RewrapTests.Bugs).Select(row => row.Data)).ShouldBe([Bug.None]);

    [Fact]
    public void No_law_is_broken_in_any_seed_of_the_real_operator() =>
        seeds.KeepTheLaws(DefaultSeeds, "seeds of the real operator");

    [Fact]
    public void No_law_is_broken_in_any_seed_of_a_change_of_key() =>
        changes.KeepTheLaws(DefaultSeeds, "seeds of changes of key");

    [Fact]
    public void No_law_is_broken_in_any_seed_of_a_change_of_key_on_Azure() =>
        rewraps.KeepTheLaws(FewSeeds, "seeds of changes of key on Azure");

    [Fact]
    public void No_law_is_broken_in_any_seed_of_a_return() => returns.KeepTheLaws(FewSeeds, "seeds of returns");

    [Fact]
    public void No_law_is_broken_in_any_seed_of_a_deletion_that_sends_the_data_back() =>
        deletions.KeepTheLaws(FewSeeds, "seeds of deletions that send the data back");

    [Fact]
    public void No_law_is_broken_in_any_seed_of_new_material() =>
        materials.KeepTheLaws(FewSeeds, "seeds of new material");

    [Fact]
    public void The_same_seed_tells_the_same_story()
    {
        seeds.TellTheSame(SeedsTwice);
        changes.TellTheSame(SeedsTwice);
        rewraps.TellTheSame(SeedsTwice);
        returns.TellTheSame(SeedsTwice);
        deletions.TellTheSame(SeedsTwice);
        materials.TellTheSame(SeedsTwice);
    }

    [Fact]
    public void The_story_of_a_seed_of_a_change_of_key_can_be_told() => changes.TellAStory();

    [Fact]
    public void The_story_of_a_seed_on_Azure_can_be_told() => rewraps.TellAStory();

    [Fact]
    public void The_story_of_a_seed_of_a_return_can_be_told() => returns.TellAStory();

    [Fact]
    public void The_story_of_a_seed_of_a_deletion_can_be_told() => deletions.TellAStory();

    [Fact]
    public void The_story_of_a_seed_of_new_material_can_be_told() => materials.TellAStory();

    [Fact]
    public void The_story_of_a_seed_can_be_told() => seeds.TellAStory();
}
