using Kube.Runtime.Hosting;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Hosting;

public sealed class HeapTrimTests
{
    private readonly HeapTrim trim = new(TimeProvider.System);
    private long allocated;

    [Fact]
    public void Every_burst_is_trimmed_after_when_it_is_over_and_once()
    {
        for (var burst = 0; burst < 3; burst++)
        {
            IsDueAfter(HeapTrim.Burst).ShouldBeFalse();
            IsDueAfter(HeapTrim.Rest).ShouldBeTrue();
            IsDueAfter(HeapTrim.Rest).ShouldBeFalse();
        }
    }

    [Fact]
    public void Work_that_goes_on_is_not_interrupted()
    {
        for (var interval = 0; interval < 20; interval++)
        {
            IsDueAfter(HeapTrim.Burst).ShouldBeFalse();
            IsDueAfter(HeapTrim.Rest + 1).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_little_work_is_worth_none()
    {
        IsDueAfter(HeapTrim.Burst - HeapTrim.Rest - 1).ShouldBeFalse();
        IsDueAfter(HeapTrim.Rest).ShouldBeFalse();
    }

    private bool IsDueAfter(long bytes) => trim.IsDue(allocated += bytes);
}
