using Byok.Copying.Tests;
using ByokOperator.Notifications;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

public sealed class NotificationBoardTests
{
    private static readonly TestTime time = new();

    [Fact]
    public void What_was_told_is_not_told_again()
    {
        var board = new NotificationBoard(time, hasSink: true);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        Count(board).ShouldBe(1);
    }

    [Fact]
    public void What_happened_before_this_process_and_long_ago_is_not_told()
    {
        var board = new NotificationBoard(time, hasSink: true);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow() - NotificationBoard.Fresh - TimeSpan.FromSeconds(1)));
        Count(board).ShouldBe(0);
    }

    [Fact]
    public void What_happened_just_before_this_process_is_told_once_more()
    {
        var board = new NotificationBoard(time, hasSink: true);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow() - NotificationBoard.Fresh + TimeSpan.FromMinutes(1)));
        Count(board).ShouldBe(1);
    }

    [Fact]
    public void What_does_not_fit_is_dropped_and_nobody_waits()
    {
        var board = new NotificationBoard(time, hasSink: true);
        for (var number = 0; number < NotificationBoard.MostQueued + 5; number++)
        {
            board.Tell(NotificationMaking.Of($"{number}", time.GetUtcNow()));
        }

        Count(board).ShouldBe(NotificationBoard.MostQueued);
    }

    /// <summary>A tenant's revocation writes a report for each of its stores,
    /// and a sink that is away must not cost the operator its memory.</summary>
    [Fact]
    public void Long_reports_wait_up_to_a_bound_and_make_room_as_they_go()
    {
        var board = new NotificationBoard(time, hasSink: true);
        var text = new string('x', NotificationBoard.MostQueuedText / 2);
        Notification Long(string id) =>
            NotificationMaking.Of(id, time.GetUtcNow()) is var notice
                ? notice with { Data = notice.Data with { Report = text } } : null!;
        board.Tell(Long("1"), Long("2"), Long("3"));
        board.TryTake(out var first).ShouldBeTrue();
        board.Tell(Long("4"));
        List<string> taken = [first!.Id];
        while (board.TryTake(out var next))
        {
            taken.Add(next.Id);
        }

        taken.ShouldBe(((string[])["1", "2", "4"]).Select(id => Long(id).Id),
            "the third had no room, and the first made some");
    }

    [Fact]
    public void Of_an_object_of_the_same_name_everything_is_news()
    {
        var board = new NotificationBoard(time, hasSink: true);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        board.Forget("TenantEncryptionKey", new ObjectKey("acme", "acme-2026"));
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        Count(board).ShouldBe(2);
    }

    [Fact]
    public void Without_a_sink_nothing_is_kept()
    {
        var board = new NotificationBoard(time, hasSink: false);
        board.Tell(NotificationMaking.Of("1", time.GetUtcNow()));
        Count(board).ShouldBe(0);
    }

    private static int Count(NotificationBoard board)
    {
        var count = 0;
        while (board.Queue.TryRead(out _))
        {
            count++;
        }

        return count;
    }
}
