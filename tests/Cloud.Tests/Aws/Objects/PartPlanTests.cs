using Cloud.Aws.Objects;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Objects;

public sealed class PartPlanTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData((5L << 30) + 1)]
    [InlineData(6L << 30)]
    [InlineData((256L << 20) * 21)]
    [InlineData(50_000L << 30)]
    public void Parts_cover_every_byte_once_within_the_limits_of_S3(long size)
    {
        var parts = PartPlan.For(size);
        parts.Count.ShouldBeLessThanOrEqualTo(10_000);
        parts.Select(part => part.Number).ShouldBe(Enumerable.Range(1, parts.Count));
        parts[0].First.ShouldBe(0);
        parts[^1].Last.ShouldBe(size - 1);
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.Last + 1 == pair.Second.First);
        parts.SkipLast(1).ShouldAllBe(part => part.Last - part.First + 1 >= 5L << 20);
        parts.ShouldAllBe(part => part.Last - part.First + 1 <= 5L << 30);
    }
}
