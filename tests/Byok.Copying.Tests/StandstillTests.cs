using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>What counts as getting on: something verified, and nothing else.</summary>
public sealed class StandstillTests
{
    private static readonly DateTimeOffset began = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Being_alive_and_having_found_more_is_no_progress()
    {
        var board = Board(null);
        board.Found(100, 100);
        board.ToMark(began.AddHours(1), null).AdvancedAt.ShouldBe(began);
        board.Verified(new Counts(1, 1, 0, 1, 1, 0));
        board.ToMark(began.AddHours(2), null).AdvancedAt.ShouldBe(began.AddHours(2));
        board.ToMark(began.AddHours(3), null).AdvancedAt.ShouldBe(began.AddHours(2));
    }

    [Fact]
    public void A_worker_that_is_started_again_and_again_does_not_hide_that_nothing_gets_done() =>
        Board(began.AddMinutes(-30)).ToMark(began, null).AdvancedAt.ShouldBe(began.AddMinutes(-30));

    [Fact]
    public async Task A_run_got_on_when_any_of_its_shards_did_and_was_heard_of_when_any_was()
    {
        var stage = new Stage { Shards = 2 };
        stage.Put("a", "x");
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        var state = await new RunReader(new FakeWorker(stage.Stores)).ReadAsync(Stage.Target, "bulk-1", 2,
            CancellationToken.None);
        state.HeardAt.ShouldNotBeNull();
        state.AdvancedAt.ShouldNotBeNull();
        (await new RunReader(new FakeWorker(stage.Stores)).ReadAsync(Stage.Target, "bulk-2", 2,
            CancellationToken.None)).AdvancedAt.ShouldBeNull();
    }

    private static ProgressBoard Board(DateTimeOffset? advancedAt) =>
        new(new Stage().Bulk(), Counts.Zero, began, advancedAt);
}
