using Cloud.Aws.Calling;
using Cloud.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Calling;

public sealed class RateGateTests
{
    [Fact]
    public async Task A_rested_gate_lets_a_burst_through_and_then_its_rate()
    {
        var time = SkippingTime.OnlyPauses();
        var gate = new RateLimiter(100, time);
        var start = time.GetUtcNow();
        for (var call = 0; call < 211; call++)
        {
            await gate.EnterAsync(CancellationToken.None);
        }

        (time.GetUtcNow() - start).TotalSeconds.ShouldBe(2, tolerance: 0.05);
    }

    [Fact]
    public async Task A_throttle_halves_the_rate_and_time_brings_it_back()
    {
        var time = SkippingTime.OnlyPauses();
        var gate = new RateLimiter(10, time);
        gate.SlowDown(null);
        gate.SlowDown(null);
        (await SecondsFor(gate, time, 10)).ShouldBe(4, tolerance: 1);
        time.Advance(TimeSpan.FromMinutes(2));
        (await SecondsFor(gate, time, 20)).ShouldBe(2, tolerance: 0.3);
    }

    [Fact]
    public async Task What_the_server_asks_to_wait_is_waited()
    {
        var time = SkippingTime.OnlyPauses();
        var gate = new RateLimiter(1000, time);
        gate.SlowDown(TimeSpan.FromSeconds(3));
        (await SecondsFor(gate, time, 1)).ShouldBe(3, tolerance: 0.1);
    }

    [Fact]
    public void Nobody_waits_longer_than_the_bound()
    {
        var gate = new RateLimiter(0.25, SkippingTime.OnlyPauses());
        var entered = 0;
        var refused = Should.Throw<CloudException>(() =>
        {
            while (true)
            {
                gate.EnterAsync(new CancellationToken(true)).AsTask().IsCompleted.ShouldBeTrue();
                entered++;
            }
        });
        refused.Problem.ShouldBeOfType<CloudProblem.Throttled>();
        entered.ShouldBeInRange(7, 9);
    }

    [Fact]
    public void Calls_of_one_api_in_one_region_share_a_gate_and_no_others()
    {
        var limiters = new AwsLimiters(new Dictionary<string, double>(), TimeProvider.System);
        var decrypt = limiters.For(new AwsRequest("kms:Decrypt", "eu-west-1"));
        limiters.For(new AwsRequest("kms:GenerateDataKeyWithoutPlaintext", "eu-west-1")).ShouldBeSameAs(decrypt);
        limiters.For(new AwsRequest("kms:Decrypt", "eu-central-1")).ShouldNotBeSameAs(decrypt);
        limiters.For(new AwsRequest("kms:DescribeKey", "eu-west-1")).ShouldNotBeSameAs(decrypt);
        var read = limiters.For(new AwsRequest("s3:GetObject", "eu-west-1", "b"));
        limiters.For(new AwsRequest("s3:HeadObject", "eu-west-1", "b")).ShouldBeSameAs(read);
        limiters.For(new AwsRequest("s3:PutObject", "eu-west-1", "b")).ShouldNotBeSameAs(read);
        limiters.For(new AwsRequest("s3:GetObject", "eu-west-1", "c")).ShouldNotBeSameAs(read);
    }

    private static async Task<double> SecondsFor(RateLimiter gate, TimeProvider time, int calls)
    {
        var start = time.GetUtcNow();
        for (var call = 0; call < calls; call++)
        {
            await gate.EnterAsync(CancellationToken.None);
        }

        return (time.GetUtcNow() - start).TotalSeconds;
    }
}
