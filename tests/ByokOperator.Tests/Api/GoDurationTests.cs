using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1m500ms", 60_500)]
    [InlineData("2s1.25s", 3_250)]
    public void What_Kubernetes_writes_is_read(string text, long milliseconds) =>
        GoDuration.Parse(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("7d")]
    [InlineData("s")]
    [InlineData("1.h")]
    [InlineData(".5h")]
    [InlineData("1.2.3s")]
    [InlineData("1.1234567890s")]
    [InlineData("1234567890123ms")]
    [InlineData("1e3s")]
    [InlineData("1S")]
    [InlineData("1h ")]
    [InlineData("30s\n")]
    [InlineData("٣٠s")]
    [InlineData("999999999999h")]
    [InlineData(null)]
    public void Anything_else_is_refused_without_an_exception(string? text) =>
        GoDuration.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_sum_that_overflows_is_refused() =>
        GoDuration.TryParse(string.Concat(Enumerable.Repeat("60000000h", 9)), out _).ShouldBeFalse();

    [Theory]
    [InlineData("60000000h60000000h60000000h", 168)]
    [InlineData("2h", 2)]
    [InlineData("soon", 1)]
    public void What_no_server_and_no_rule_held_to_its_bounds_is_followed_within_them(string text, int hours) =>
        GoDuration.Within(text, TimeSpan.FromHours(168), TimeSpan.FromHours(1)).ShouldBe(TimeSpan.FromHours(hours));
}
