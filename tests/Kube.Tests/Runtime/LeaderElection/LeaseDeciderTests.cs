using k8s.Models;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.LeaderElection;

public sealed class LeaseRaceTests
{
    private static readonly TimeSpan seen = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan usual = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(null, 15, 100, "Take")] // no name in it
    [InlineData("", 1, 100, "Take")] // given back
    [InlineData("me", 15, 100, "Keep")]
    [InlineData("me", 15, 900, "Keep")] // ours, however old
    [InlineData("other", 15, 100, "Wait 115")]
    [InlineData("other", 15, 114.9, "Wait 115")]
    [InlineData("other", 15, 115, "Take")]
    [InlineData("other", 60, 115, "Wait 160")] // the holder says how long, not we
    [InlineData("other", null, 114, "Wait 115")]
    [InlineData("other", 0, 114, "Wait 115")]
    public void The_next_move_follows_from_the_lease_and_the_time(
        string? holder, int? duration, double now, string move)
    {
        var lease = new Lease { Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = duration } };
        Tell(LeaseDecider.Next(new ObservedLease(lease, seen), TimeSpan.FromSeconds(now), "me", usual)).ShouldBe(move);
    }

    [Fact]
    public void No_lease_is_there_to_be_taken() =>
        Tell(LeaseDecider.Next(new ObservedLease(null, seen), seen, "me", usual)).ShouldBe("Take");

    [Fact]
    public void A_lease_that_does_not_change_keeps_its_moment()
    {
        var first = ObservedLease.After(null, LeaseAt("1"), TimeSpan.FromSeconds(1));
        ObservedLease.After(first, LeaseAt("1"), TimeSpan.FromSeconds(9)).ChangedAt.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_renewed_lease_starts_a_new_moment()
    {
        var first = ObservedLease.After(null, LeaseAt("1"), TimeSpan.FromSeconds(1));
        ObservedLease.After(first, LeaseAt("2"), TimeSpan.FromSeconds(9)).ChangedAt.ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void The_times_written_in_the_lease_do_not_matter()
    {
        var longAgo = LeaseAt("1") with
        {
            Spec = new V1LeaseSpec
            {
                HolderIdentity = "other",
                LeaseDurationSeconds = 15,
                RenewTime = DateTime.UnixEpoch,
            },
        };
        Tell(LeaseDecider.Next(new ObservedLease(longAgo, seen), seen, "me", usual)).ShouldBe("Wait 115");
    }

    private static Lease LeaseAt(string version) =>
        new()
        {
            Metadata = new() { Uid = "u", ResourceVersion = version },
            Spec = new V1LeaseSpec { HolderIdentity = "other" },
        };

    private static string Tell(LeaseDecision move) => move switch
    {
        LeaseDecision.Take => "Take",
        LeaseDecision.Keep => "Keep",
        LeaseDecision.Wait wait => $"Wait {wait.Until.TotalSeconds}",
        _ => "?",
    };
}
