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
        turn.ShouldBe(new WorkItem<string>("a", TimeSpan.FromSeconds(2), 7));
    }

    [Fact]
    public void A_group_with_one_key_waits_for_one_turn_of_a_group_with_a_thousand()
    {
        var schedule = new Schedule<string>(groupOf: key => key[..1]);
        for (var number = 0; number < 1000; number++)
        {
            schedule.Add($"a{number}", TimeSpan.Zero);
        }

        Take(schedule, 3).ShouldBe(["a0", "a1", "a2"]);
        schedule.Add("b0", TimeSpan.Zero);
        Take(schedule, 4)
            .ShouldContain("b0", "it came when three of a's had been served, and a's next turn is the fourth");
        Take(schedule, 2).ShouldAllBe(key => key.StartsWith('a'));
    }

    [Fact]
    public void Groups_with_much_to_do_take_turns()
    {
        var schedule = new Schedule<string>(groupOf: key => key[..1]);
        foreach (var key in Enumerable.Range(0, 60).Select(number => $"{"aaaab"[number % 5]}{number}").Append("c0"))
        {
            schedule.Add(key, TimeSpan.Zero);
        }

        var taken = Take(schedule, 21);
        taken.Count(key => key[0] == 'b').ShouldBe(10);
        taken.Take(3).ShouldContain("c0");
    }

    [Fact]
    public void Nobody_saves_up_turns_by_waiting()
    {
        var schedule = new Schedule<string>(groupOf: key => key[..1]);
        for (var number = 0; number < 100; number++)
        {
            schedule.Add($"a{number}", TimeSpan.Zero);
        }

        Take(schedule, 50);
        for (var number = 0; number < 50; number++)
        {
            schedule.Add($"b{number}", TimeSpan.Zero);
        }

        Take(schedule, 20).Count(key => key[0] == 'a').ShouldBe(10);
    }

    [Fact]
    public void An_edit_overtakes_the_routine_of_groups_that_were_served_less()
    {
        var schedule = new Schedule<string>(groupOf: key => key[..1]);
        schedule.Add("a0", TimeSpan.Zero);
        Take(schedule, 1);
        schedule.Add("b0", TimeSpan.Zero, priority: -100);
        schedule.Add("a1", TimeSpan.Zero, priority: -100);
        schedule.Add("a2", TimeSpan.Zero);

        Take(schedule, 3).ShouldBe(["a2", "b0", "a1"]);
    }

    [Fact]
    public void A_group_whose_keys_hang_leaves_workers_to_the_others()
    {
        var schedule = new Schedule<string>(groupOf: key => key[..1], mostOfAGroup: 2);
        foreach (var key in new[] { "a0", "a1", "a2", "b0" })
        {
            schedule.Add(key, TimeSpan.Zero);
        }

        Take(schedule, 3, areDone: false).ShouldBe(["a0", "b0", "a1"], ignoreOrder: true);
        schedule.TryTake(soon, out _, out _).ShouldBeFalse();
        schedule.CountDue(soon).ShouldBe(1);
        schedule.Done("a0");
        Take(schedule, 1).ShouldBe(["a2"]);
    }

    private static List<string> Take(Schedule<string> schedule, int count, bool areDone = true) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            schedule.TryTake(soon, out var turn, out var _).ShouldBeTrue();
            if (areDone)
            {
                schedule.Done(turn.Key);
            }

            return turn.Key;
        })];

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
        private const int MostOfAGroup = 2;
        private readonly string label = $"seed {seed}";
        private readonly Random random = new(seed);
        private readonly Schedule<int> schedule = new(groupOf: key => $"{GroupOf(key)}", mostOfAGroup: MostOfAGroup);
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

        private static int GroupOf(int key) => key % 4;

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
            eligible.RemoveAll(one => running.Count(key => GroupOf(key) == GroupOf(one.Key)) >= MostOfAGroup);
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
