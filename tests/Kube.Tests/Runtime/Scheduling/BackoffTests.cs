using Kube.Runtime.Scheduling;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Scheduling;

public sealed class BackoffTests
{
    private static readonly BackoffPolicy policy = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), Jitter: 0.2);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1_000_000, 60)]
    public void Delays_double_up_to_the_ceiling(int failures, int seconds) =>
        policy.Delay(failures, chance: 0).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Chance_only_shortens_and_only_by_the_jitter() =>
        policy.Delay(1, chance: 1).ShouldBe(TimeSpan.FromSeconds(0.8));

    [Fact]
    public void Every_delay_is_within_bounds_whatever_the_chance()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var delay = policy.Delay(random.Next(1, 100), random.NextDouble());
            delay.ShouldBeInRange(TimeSpan.FromSeconds(0.8), TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_success_starts_a_key_over_and_leaves_the_others()
    {
        var backoff = new Backoff<string>(policy, () => 0);
        backoff.Fail("a");
        backoff.Fail("a");
        backoff.Fail("b");
        backoff.Fail("b");
        backoff.Reset("a");

        backoff.Fail("a").ShouldBe(TimeSpan.FromSeconds(1));
        backoff.Fail("b").ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public void A_key_that_works_costs_no_memory()
    {
        var backoff = new Backoff<string>(policy, () => 0);
        backoff.Fail("a");
        backoff.Reset("a");
        backoff.Failing.ShouldBe(0);
    }
}
