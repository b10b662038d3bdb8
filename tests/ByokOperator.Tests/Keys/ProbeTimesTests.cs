using ByokOperator.Keys;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class ProbeTimesTests
{
    private static readonly DateTimeOffset start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(10);

    [Fact]
    public void Nobody_waits_longer_than_the_interval_and_nobody_is_asked_twice_at_once()
    {
        var draw = new Random(1);
        for (var look = 0; look < 10_000; look++)
        {
            var next = ProbeTimes.Next($"{draw.Next(100)}", start + (interval * draw.NextDouble() * 100), interval);
            next.ShouldBeLessThanOrEqualTo(interval);
            next.ShouldBeGreaterThan(interval * 0.08);
        }
    }

    [Fact]
    public void A_thousand_keys_that_are_found_at_once_are_asked_evenly_from_then_on()
    {
        var now = start;
        var due = Enumerable.Range(0, 1_000).Select(_ => Guid.NewGuid().ToString())
            .Select(uid => now + ProbeTimes.Next(uid, now, interval)).Order().ToList();
        var busiest = due.Max(time => due.Count(other => other >= time && other < time + TimeSpan.FromSeconds(1)));
        busiest.ShouldBeLessThan(200, "one in nine or ten is its share");
    }

    [Fact]
    public void Who_is_asked_at_his_moment_is_asked_at_the_same_moment_again()
    {
        var first = start + ProbeTimes.Next("one", start, interval);
        var second = first + ProbeTimes.Next("one", first, interval);
        var third = second + ProbeTimes.Next("one", second, interval);
        (third - second).ShouldBe(second - first);
        (second - first).ShouldBe(interval * 0.9);
    }
}
