using Kube.Core;
using Kube.Runtime.Controllers;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Informers;
using Kube.Tests.Runtime.Informers;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Controllers;

public sealed class ControllerTests : IAsyncDisposable
{
    private static readonly ObjectKey a = new("n", "a");
    private static readonly ObjectKey b = new("n", "b");

    private readonly ManualTime time = new();
    private readonly FedStore fed;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Controller? controller;

    public ControllerTests() => fed = new FedStore(time);

    [Fact]
    public async Task A_reconcile_that_throws_comes_back_for_ever_and_ever_later()
    {
        var reconciler = new FakeReconciler((_, _, _) => throw new InvalidOperationException("no"));
        await StartAsync(reconciler);
        var moments = new List<TimeSpan>();
        for (var calls = 1; calls <= 14; calls++)
        {
            await Eventually.Holds(() => reconciler.Calls(a) >= calls, time, TimeSpan.FromSeconds(calls < 7 ? 1 : 10),
                $"call {calls}");
            moments.Add(time.GetElapsedTime(0));
        }

        var gaps = moments.Zip(moments.Skip(1), (one, next) => next - one).ToList();
        gaps[3].ShouldBeGreaterThan(gaps[0]);
        gaps[^1]
            .ShouldBeInRange(TimeSpan.FromMinutes(15.9), TimeSpan.FromMinutes(20.2),
                "beyond the resync, within the ceiling");
    }

    [Fact]
    public async Task A_failure_that_is_urgent_is_not_put_off_beyond_what_it_asks_for()
    {
        var reconciler = new FakeReconciler((_, _, _) => throw new UrgentException());
        await StartAsync(reconciler);
        var moments = new List<TimeSpan>();
        for (var calls = 1; calls <= 10; calls++)
        {
            await Eventually.Holds(() => reconciler.Calls(a) >= calls, time, TimeSpan.FromSeconds(1), $"call {calls}");
            moments.Add(time.GetElapsedTime(0));
        }

        moments.Zip(moments.Skip(1), (one, next) => next - one).Max()
            .ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task A_success_ends_the_backoff()
    {
        var reconciler = new FakeReconciler((_, count, _) =>
            count is < 6 or 7 ? throw new InvalidOperationException("no")
                : Task.FromResult<Outcome>(new Outcome.Await()));
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 6, time, TimeSpan.FromSeconds(1), "the success");
        await IdleAsync();
        controller!.Enqueue(a);
        await Eventually.Holds(() => reconciler.Calls(a) == 7, "the next failure");
        await IdleAsync();
        time.Advance(TimeSpan.FromSeconds(1.01));
        await Eventually.Holds(() => reconciler.Calls(a) == 8, "the first delay again");
    }

    [Fact]
    public async Task An_object_that_rests_is_looked_at_again_after_the_resync()
    {
        var reconciler = new FakeReconciler(new Outcome.Await());
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "the first look");
        await IdleAsync();
        time.Advance(TimeSpan.FromMinutes(8.9));
        reconciler.Calls(a).ShouldBe(1);
        time.Advance(TimeSpan.FromMinutes(2.2));
        await Eventually.Holds(() => reconciler.Calls(a) == 2, "the resync");
    }

    [Fact]
    public async Task An_object_that_is_gone_is_not_looked_at_again()
    {
        var reconciler = new FakeReconciler(new Outcome.Await());
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "the first look");
        fed.Source.Delete(Thing.Named("a", "6"));
        await Eventually.Holds(() => reconciler.Calls(a) == 2, "the look at its absence");
        await IdleAsync();
        time.Advance(TimeSpan.FromHours(1));
        controller!.Enqueue(b);
        await Eventually.Holds(() => reconciler.Calls(b) == 1, "another key");
        reconciler.Calls(a).ShouldBe(2);
    }

    [Fact]
    public async Task A_delay_longer_than_the_resync_is_cut_to_it()
    {
        var reconciler = new FakeReconciler(new Outcome.After(TimeSpan.FromDays(1)));
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "the first look");
        await IdleAsync();
        time.Advance(TimeSpan.FromMinutes(11.1));
        await Eventually.Holds(() => reconciler.Calls(a) == 2, "the resync");
    }

    [Fact]
    public async Task Two_workers_never_have_one_key_at_once_whatever_wakes_it()
    {
        var reconciler = new FakeReconciler(async (_, count, _) =>
        {
            await Task.Yield();
            return count % 3 == 0 ? throw new InvalidOperationException("no") : count % 2 == 0 ? new Outcome.Again()
                : new Outcome.Await();
        });
        await StartAsync(reconciler, workers: 8);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                controller!.Enqueue(i % 2 == 0 ? a : b);
            }
        })));
        await Eventually.Holds(() => controller!.Depth == 0, "the queue is empty");
        reconciler.Calls(b).ShouldBeGreaterThan(0);
        reconciler.Overlaps.ShouldBe(0);
    }

    [Fact]
    public async Task An_edit_overtakes_the_first_list()
    {
        var gate = new TaskCompletionSource();
        var reconciler = new FakeReconciler(async (_, _, _) =>
        {
            await gate.Task;
            return new Outcome.Await();
        });
        await StartAsync(reconciler, workers: 1,
            items: [.. Enumerable.Range(0, 50).Select(i => Thing.Named($"old{i}"))]);
        await Eventually.Holds(() => reconciler.Order.Count == 1, "one is in hand");
        fed.Source.Change(Thing.Named("edited", "6"));
        await Eventually.Holds(() => fed.Informer.Count == 51, "the edit is seen");
        gate.SetResult();
        await Eventually.Holds(() => reconciler.Order.Count == 51, "all are done");
        reconciler.Order[1].Name.ShouldBe("edited");
    }

    [Fact]
    public async Task Our_own_status_writes_do_not_wake_us()
    {
        var reconciler = new FakeReconciler(new Outcome.Await());
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "the first look");
        fed.Source.Change(Thing.Named("a", "6") with { Status = new ThingStatus { Note = "done" } });
        fed.Source.Change(Thing.Named("b", "7"));
        await Eventually.Holds(() => reconciler.Calls(b) == 1, "a later event");
        reconciler.Calls(a).ShouldBe(1);
    }

    [Fact]
    public async Task A_reconcile_beyond_its_deadline_is_cancelled_and_tried_again()
    {
        var reconciler = new FakeReconciler(async (_, count, cancellation) =>
        {
            if (count == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }

            return new Outcome.Await();
        });
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "the first look");
        time.Advance(TimeSpan.FromMinutes(2));
        await Eventually.Holds(() => reconciler.Calls(a) == 2, time, TimeSpan.FromSeconds(1), "the second");
    }

    [Fact]
    public async Task A_reconcile_that_ignores_its_deadline_makes_us_unhealthy_by_name()
    {
        var never = new TaskCompletionSource<Outcome>();
        await StartAsync(new FakeReconciler((_, _, _) => never.Task));
        await Eventually.Holds(() => controller!.Depth == 0, "it is in hand");
        await Eventually.Holds(() => controller!.Problem is not null, time, TimeSpan.FromSeconds(10), "the problem");
        controller!.Problem.ShouldBe("controller/things: the reconcile of n/a is far beyond its deadline");
        time.GetElapsedTime(0).ShouldBeGreaterThan(TimeSpan.FromMinutes(3));
        never.SetResult(new Outcome.Await());
    }

    [Fact]
    public async Task Whoever_always_wants_another_look_is_paused()
    {
        var reconciler = new FakeReconciler(new Outcome.Again());
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 201, "the limit");
        await IdleAsync();
        reconciler.Calls(a).ShouldBe(201);
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.Holds(() => reconciler.Calls(a) == 202, "one more after the pause");
    }

    [Fact]
    public async Task A_stop_lets_work_in_hand_finish()
    {
        var gate = new TaskCompletionSource();
        var finished = false;
        var reconciler = new FakeReconciler(async (_, _, cancellation) =>
        {
            await gate.Task.WaitAsync(cancellation);
            finished = true;
            return new Outcome.Await();
        });
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "it is in hand");
        await stop.CancelAsync();
        gate.SetResult();
        await running;
        finished.ShouldBeTrue();
    }

    [Fact]
    public async Task An_abort_does_not()
    {
        var reconciler = new FakeReconciler(async (_, _, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return new Outcome.Await();
        });
        await StartAsync(reconciler);
        await Eventually.Holds(() => reconciler.Calls(a) == 1, "it is in hand");
        await stop.CancelAsync();
        controller!.Abort();
        await running;
    }

    [Fact]
    public void A_backoff_that_ends_below_the_resync_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Controller(
            new ControllerOptions
            {
                Name = "x",
                Triggers = [],
                Backoff = new BackoffPolicy(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            },
            new FakeReconciler(new Outcome.Await()),
            time,
            NullLogger<Controller>.Instance));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        controller?.Abort();
        await running;
        await fed.DisposeAsync();
        controller?.Dispose();
        stop.Dispose();
    }

    private async Task StartAsync(FakeReconciler reconciler, int workers = 4, Thing[]? items = null)
    {
        var options =
            new ControllerOptions { Name = "things", Triggers = [Trigger.Own(fed.Informer)], Workers = workers };
        controller = new Controller(options, reconciler, time, NullLogger<Controller>.Instance);
        await fed.SyncAsync(items ?? [Thing.Named("a")]);
        running = controller.RunAsync(stop.Token);
    }

    /// <summary>Nobody is at work: what was in hand has been put back with its next time.</summary>
    private Task IdleAsync() => Eventually.Holds(() => controller!.IsIdle, "the workers rest");

    private sealed class UrgentException : Exception, IRequeueWithin
    {
        public TimeSpan? LookAgainWithin => TimeSpan.FromSeconds(10);
    }
}
