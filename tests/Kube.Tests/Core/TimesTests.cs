using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class TimesTests
{
    [Theory]
    [InlineData("2027-01-01T00:00:00Z", "2027-01-01T00:00:00.0000000+00:00")]
    [InlineData("2027-01-01t00:00:00z", "2027-01-01T00:00:00.0000000+00:00")]
    [InlineData("2027-01-01T00:00:00.5z", "2027-01-01T00:00:00.5000000+00:00")]
    [InlineData("2027-01-01T00:00:00.123456789012Z", "2027-01-01T00:00:00.1234567+00:00")]
    [InlineData("2027-01-01T02:00:00+02:00", "2027-01-01T02:00:00.0000000+02:00")]
    [InlineData("2027-01-01T02:00:00-14:00", "2027-01-01T02:00:00.0000000-14:00")]
    [InlineData("2028-02-29T23:59:59Z", "2028-02-29T23:59:59.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    public void A_time_of_rfc_3339_is_read(string text, string told)
    {
        Times.TryParse(text, out var time).ShouldBeTrue();
        time.ToString("o", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(told);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2027-01-01")]
    [InlineData("2027-01-01 00:00:00Z")]
    [InlineData("2027-01-01T00:00:00")]
    [InlineData("2027-01-01T00:00:00Z\n")]
    [InlineData("2027-01-01T00:00:00+15:00")]
    [InlineData("2027-01-01T00:00:00+99:99")]
    [InlineData("2027-02-29T00:00:00Z")]
    [InlineData("2027-13-01T00:00:00Z")]
    [InlineData("2027-01-01T24:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+02:00")]
    [InlineData("9999-12-31T23:59:59-02:00")]
    [InlineData("2027-01-01T00:00:00Ztomorrow")]
    public void What_is_no_time_is_none_and_nothing_is_thrown(string? text) =>
        Times.TryParse(text, out _).ShouldBeFalse();
}
