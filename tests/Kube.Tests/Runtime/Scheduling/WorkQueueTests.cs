using Kube.Runtime.Scheduling;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Scheduling;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly WorkQueue<string> queue;

    public WorkQueueTests() => queue = new WorkQueue<string>(time);

    [Fact]
    public async Task A_key_comes_when_it_is_due_and_not_before()
    {
        var taking = queue.TakeAsync(CancellationToken.None);
        queue.Add("a", TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9.99));
        taking.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(0.01));
        (await taking).Key.ShouldBe("a");
    }

    [Fact]
    public async Task An_earlier_key_moves_the_timer()
    {
        var taking = queue.TakeAsync(CancellationToken.None);
        queue.Add("late", TimeSpan.FromHours(1));
        queue.Add("early", TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        (await taking).Key.ShouldBe("early");
    }

    [Fact]
    public async Task A_day_ahead_is_not_too_far_for_the_timer()
    {
        var taking = queue.TakeAsync(CancellationToken.None);
        queue.Add("a", TimeSpan.FromDays(100));
        time.Advance(TimeSpan.FromDays(99));
        taking.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromDays(1));
        (await taking).Key.ShouldBe("a");
    }

    [Fact]
    public async Task Two_workers_never_get_the_same_key()
    {
        queue.Add("a");
        (await queue.TakeAsync(CancellationToken.None)).Key.ShouldBe("a");
        queue.Add("a");
        var second = queue.TakeAsync(CancellationToken.None);
        second.IsCompleted.ShouldBeFalse();
        queue.Done("a");
        (await second).Key.ShouldBe("a");
    }

    [Fact]
    public async Task One_who_gave_up_takes_nothing_with_him()
    {
        using var giveUp = new CancellationTokenSource();
        var first = queue.TakeAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        var second = queue.TakeAsync(CancellationToken.None);
        queue.Add("a");
        (await second).Key.ShouldBe("a");
    }

    [Fact]
    public void Nothing_due_means_no_timer_at_all_while_nobody_waits()
    {
        for (var i = 0; i < 1000; i++)
        {
            queue.Add($"k{i}", TimeSpan.FromSeconds(i + 1));
        }

        time.ActiveTimers.ShouldBe(0);
        queue.Waiting.ShouldBe(1000);
        queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Many_workers_and_many_producers_lose_nothing_and_never_collide()
    {
        const int Keys = 50;
        const int Rounds = 400;
        using var real = new WorkQueue<int>(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var inHand = new int[Keys];
        var seen = new int[Keys];
        var wanted = new int[Keys];
        var collisions = 0;
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var turn = await real.TakeAsync(stop.Token);
                collisions += Interlocked.Increment(ref inHand[turn.Key]) > 1 ? 1 : 0;
                Volatile.Write(ref seen[turn.Key], Volatile.Read(ref wanted[turn.Key]));
                await Task.Yield();
                Interlocked.Decrement(ref inHand[turn.Key]);
                real.Done(turn.Key);
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            var random = new Random(producer);
            for (var i = 0; i < Rounds; i++)
            {
                var key = random.Next(Keys);
                Interlocked.Increment(ref wanted[key]);
                real.Add(key, TimeSpan.FromMilliseconds(random.Next(3)), random.Next(3));
            }
        })));

        await Eventually.Holds(
            () => Enumerable.Range(0, Keys).All(key => Volatile.Read(ref seen[key]) == Volatile.Read(ref wanted[key])),
            "every key is looked at after it was last asked for");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(workers));
        collisions.ShouldBe(0);
    }

    public void Dispose() => queue.Dispose();
}
