using Kube.Runtime.Scheduling;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Scheduling;

public sealed class ScheduleTests
{
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_key_asked_for_twice_comes_once_at_its_earlier_time()
    {
        var schedule = new Schedule<string>();
        schedule.Add("a", TimeSpan.FromSeconds(5));
        schedule.Add("a", TimeSpan.FromSeconds(2));
        schedule.Add("a", TimeSpan.FromSeconds(9));

        schedule.TryTake(soon, out _, out var askAgain).ShouldBeFalse();
        askAgain.ShouldBe(TimeSpan.FromSeconds(2));
        schedule.TryTake(TimeSpan.FromSeconds(2), out var turn, out _).ShouldBeTrue();
        turn.Key.ShouldBe("a");
        schedule.Done("a");
        schedule.TryTake(TimeSpan.FromSeconds(60), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_edit_overtakes_what_was_there_before_the_start()
    {
        var schedule = new Schedule<string>();
        schedule.Add("old", TimeSpan.Zero, priority: -100);
        schedule.Add("edited", TimeSpan.Zero);

        schedule.TryTake(soon, out var first, out _).ShouldBeTrue();
        first.Key.ShouldBe("edited");
    }

    [Fact]
    public void Routine_takes_only_its_share_and_leaves_the_rest_to_what_happens_now()
    {
        var schedule = new Schedule<string>(mostRoutine: 1);
        schedule.Add("old", TimeSpan.Zero, priority: -100);
        schedule.Add("older", TimeSpan.Zero, priority: -100);

        schedule.TryTake(soon, out _, out _).ShouldBeTrue();
        schedule.TryTake(soon, out _, out _).ShouldBeFalse();
        schedule.Add("edited", TimeSpan.Zero);
        schedule.TryTake(soon, out var now, out _).ShouldBeTrue();
        now.Key.ShouldBe("edited");
        schedule.Done("old");
        schedule.TryTake(soon, out var last, out _).ShouldBeTrue();
        last.Key.ShouldBe("older");
    }

    [Fact]
    public void Of_equal_priority_the_one_that_waits_longest_is_first_even_if_asked_for_again()
    {
        var schedule = new Schedule<string>();
        schedule.Add("a", TimeSpan.Zero);
        schedule.Add("b", TimeSpan.Zero);
        schedule.Add("a", TimeSpan.Zero);

        schedule.TryTake(soon, out var first, out _).ShouldBeTrue();
        first.Key.ShouldBe("a");
    }

    [Fact]
    public void A_key_being_worked_on_is_not_handed_out_but_not_forgotten_either()
    {
        var schedule = new Schedule<string>();
        schedule.Add("a", TimeSpan.Zero);
        schedule.TryTake(soon, out _, out _).ShouldBeTrue();
        schedule.Add("a", TimeSpan.Zero);

        schedule.TryTake(soon, out _, out var askAgain).ShouldBeFalse();
        askAgain.ShouldBeNull();
        schedule.Done("a");
        schedule.TryTake(soon, out var again, out _).ShouldBeTrue();
        again.Key.ShouldBe("a");
    }

    [Fact]
    public void A_turn_says_how_long_the_key_had_been_due()
    {
        var schedule = new Schedule<string>();
        schedule.Add("a", TimeSpan.FromSeconds(3), priority: 7);
        schedule.TryTake(TimeSpan.FromSeconds(5), out var turn, out _).ShouldBeTrue();
        turn.ShouldBe(new Turn<string>("a", TimeSpan.FromSeconds(2), 7));
    }

    /// <summary>Random runs beside a model too simple to be wrong.</summary>
    [Fact]
    public void It_agrees_with_a_naive_model()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            new Comparison(seed).Run(operations: 400);
        }
    }

    private sealed class Comparison(int seed)
    {
        private readonly string label = $"seed {seed}";
        private readonly Random random = new(seed);
        private readonly Schedule<int> schedule = new();
        private readonly Dictionary<int, (TimeSpan At, int Priority)> waiting = [];
        private readonly HashSet<int> running = [];
        private TimeSpan now;

        public void Run(int operations)
        {
            for (var i = 0; i < operations; i++)
            {
                Step();
                schedule.Waiting.ShouldBe(waiting.Count, label);
                schedule.Running.ShouldBe(running.Count, label);
            }
        }

        private void Step()
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    Add(random.Next(12), now + TimeSpan.FromSeconds(random.Next(5)), random.Next(3));
                    break;
                case 2 or 3:
                    Take();
                    break;
                case 4 when running.Count > 0:
                    var done = running.ElementAt(random.Next(running.Count));
                    running.Remove(done);
                    schedule.Done(done);
                    break;
                default:
                    now += TimeSpan.FromSeconds(1);
                    break;
            }
        }

        private void Add(int key, TimeSpan at, int priority)
        {
            schedule.Add(key, at, priority);
            waiting[key] = waiting.TryGetValue(key, out var old)
                ? (old.At < at ? old.At : at, Math.Max(old.Priority, priority))
                : (at, priority);
        }

        private void Take()
        {
            var eligible = waiting.Where(one => one.Value.At <= now && !running.Contains(one.Key)).ToList();
            schedule.CountDue(now).ShouldBe(eligible.Count, label);
            var got = schedule.TryTake(now, out var turn, out var askAgain);
            got.ShouldBe(eligible.Count > 0, label);
            var next = waiting.Where(one => one.Value.At > now).Select(one => (TimeSpan?)one.Value.At).Min();
            askAgain.ShouldBe(next, label);
            if (got)
            {
                running.ShouldNotContain(turn.Key);
                turn.Priority.ShouldBe(eligible.Max(one => one.Value.Priority));
                turn.Waited.ShouldBe(now - waiting[turn.Key].At);
                waiting.Remove(turn.Key);
                running.Add(turn.Key);
            }
        }
    }
}
