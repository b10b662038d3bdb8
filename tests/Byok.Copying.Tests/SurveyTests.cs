using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>What the first shard counts before it copies: of how much is left,
/// and of how long the last copy will take.</summary>
public sealed class SurveyTests
{
    [Fact]
    public async Task The_first_shard_counts_the_whole_source_and_what_of_it_is_recent()
    {
        var stage = new Stage { Shards = 2 };
        stage.Put("a", "12345");
        stage.Put("b", "123");
        stage.Time.Pass(SurveyResult.RecentPeriod + TimeSpan.FromDays(1));
        stage.Put("c", "12");
        stage.Delete("b");
        await stage.MigrateAsync();
        var state = await new RunReader(new FakeWorker(stage.Stores)).ReadAsync(Stage.Target, "bulk-1", 2,
            CancellationToken.None);
        state.Seen.ShouldBe(
            new SurveyResult { Objects = 4, Bytes = 10, RecentObjects = 2, RecentBytes = 2, IsWhole = true });
        (state.ObjectsTotal, state.BytesTotal, state.EstimatedFinish).ShouldBe((4, 10, null));
    }

    private static readonly DateTimeOffset noon = new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_rate_so_far_tells_the_end_once_the_whole_source_is_known()
    {
        var run = new RunState
        {
            StartedAt = noon, HeardAt = noon.AddMinutes(30), ObjectsCopied = 50, BytesCopied = 250,
            Seen = new SurveyResult { Objects = 100, Bytes = 1000, IsWhole = true },
        };
        run.EstimatedFinish.ShouldBe(noon.AddMinutes(120), "a quarter of the bytes took half an hour");
        (run with { Seen = run.Seen! with { IsWhole = false } }).EstimatedFinish.ShouldBeNull();
        (run with { Seen = null }).EstimatedFinish.ShouldBeNull();
        (run with { ObjectsCopied = 0, BytesCopied = 0 }).EstimatedFinish.ShouldBeNull();
        (run with { IsFinished = true }).EstimatedFinish.ShouldBeNull();
    }

    [Fact]
    public void A_count_of_nonsense_foretells_nothing()
    {
        foreach (var odd in new[] { long.MinValue, -1, 0, 1, long.MaxValue })
        {
            var run = new RunState
            {
                StartedAt = DateTimeOffset.MinValue,
                HeardAt = DateTimeOffset.MaxValue,
                ObjectsCopied = odd,
                BytesCopied = odd,
                Seen = new SurveyResult { Objects = long.MaxValue, Bytes = odd, IsWhole = true },
            };
            run.EstimatedFinish.ShouldBeNull();
            Should.NotThrow(() => (run with { HeardAt = noon }).EstimatedFinish);
        }
    }
}
