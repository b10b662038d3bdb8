using Kube.Runtime.LeaderElection;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.LeaderElection;

public sealed class LeadershipFenceTests
{
    private readonly ManualTime time = new();
    private readonly LeadershipFence fence;

    public LeadershipFenceTests() => fence = new LeadershipFence(time, TimeSpan.FromSeconds(12));

    [Fact]
    public void Who_never_led_does_not_lead()
    {
        fence.IsHeld.ShouldBeFalse();
        Should.Throw<LeadershipLostException>(fence.ThrowIfLost);
    }

    [Fact]
    public void It_holds_until_the_margin_and_no_longer()
    {
        fence.Renewed(fence.Now());
        time.Advance(TimeSpan.FromSeconds(11.9));
        fence.IsHeld.ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(0.1));
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_process_that_was_stopped_past_its_lease_is_told_no_before_any_timer_fires()
    {
        fence.Renewed(fence.Now());
        time.PassWithoutTimers(TimeSpan.FromSeconds(20));
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_machine_that_was_suspended_is_told_no_by_the_wall_clock()
    {
        fence.Renewed(fence.Now());
        time.ShiftWallClock(TimeSpan.FromSeconds(20)); // the monotonic clock slept with the machine
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_wall_clock_set_back_lengthens_nothing()
    {
        fence.Renewed(fence.Now());
        time.ShiftWallClock(TimeSpan.FromHours(-1));
        time.Advance(TimeSpan.FromSeconds(12));
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_renewal_counts_from_when_it_was_sent()
    {
        var sentAt = fence.Now();
        time.Advance(TimeSpan.FromSeconds(5)); // the answer took its time
        fence.Renewed(sentAt);
        time.Advance(TimeSpan.FromSeconds(7));
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void What_is_lost_stays_lost()
    {
        fence.Renewed(fence.Now());
        fence.Lost();
        fence.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void Who_is_alone_always_leads() => LeadershipFence.Alone().IsHeld.ShouldBeTrue();
}
