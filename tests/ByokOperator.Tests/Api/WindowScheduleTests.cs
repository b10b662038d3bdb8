using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>When a maintenance window is open, over both changes of the clocks. In Berlin they are put forward on 28
/// March 2027 and back on 31 October 2027, each at 01:00 UTC.</summary>
public sealed class WindowScheduleTests
{
    [Theory]
    [InlineData("2027-03-27T01:29:59Z", null)] // Saturday
    [InlineData("2027-03-28T00:59:59Z", null)] // 01:59:59; half past two does not come
    [InlineData("2027-03-28T01:00:00Z", "2027-03-28T03:00:00Z")] // 03:00
    [InlineData("2027-03-28T02:59:59Z", "2027-03-28T03:00:00Z")]
    [InlineData("2027-03-28T03:00:00Z", null)]
    [InlineData("2027-04-04T00:29:59Z", null)]
    [InlineData("2027-04-04T00:30:00Z", "2027-04-04T02:30:00Z")] // half past two in summer
    public void A_time_that_is_left_out_is_when_the_clocks_were_put_forward(string at, string? until) =>
        Open("30 2 * * 0", "2h", "Europe/Berlin", at).ShouldBe(Time(until));

    [Theory]
    [InlineData("2027-10-31T00:29:59Z", null)]
    [InlineData("2027-10-31T00:30:00Z", "2027-10-31T01:15:00Z")] // half past two, the first time
    [InlineData("2027-10-31T01:14:59Z", "2027-10-31T01:15:00Z")]
    [InlineData("2027-10-31T01:15:00Z", null)]
    [InlineData("2027-10-31T01:30:00Z", null)] // half past two, the second time
    [InlineData("2027-11-07T01:30:00Z", "2027-11-07T02:15:00Z")] // in winter
    public void A_time_that_comes_twice_opens_once(string at, string? until) =>
        Open("30 2 * * 0", "45m", "Europe/Berlin", at).ShouldBe(Time(until));

    [Theory]
    [InlineData("2027-03-28T00:00:00Z", "2027-03-28T04:00:00Z")] // 01:00 to 06:00 on the clocks
    [InlineData("2027-10-30T23:00:00Z", "2027-10-31T03:00:00Z")] // 01:00 to 04:00 on the clocks
    public void A_window_over_the_change_is_as_long_as_it_says(string at, string until) =>
        Open("0 1 * * 0", "4h", "Europe/Berlin", at).ShouldBe(Time(until));

    [Theory]
    [InlineData("America/New_York", "2027-03-14T07:00:00Z")] // 02:00 is left out: 03:00 in summer
    [InlineData("America/New_York", "2027-11-07T07:00:00Z")] // 02:00 in winter
    // clocks go back by half an hour at 02:00 in summer, so it comes half an hour later
    [InlineData("Australia/Lord_Howe", "2027-04-03T15:30:00Z")]
    [InlineData("Asia/Kolkata", "2027-03-13T20:30:00Z")]
    [InlineData("UTC", "2027-03-14T02:00:00Z")]
    public void Every_zone_goes_by_its_own_clocks(string zone, string opens)
    {
        var time = Time(opens)!.Value;
        var window = Of("0 2 * * 0", "1h", zone);
        window.OpenUntil(time).ShouldBe(time + TimeSpan.FromHours(1), zone);
        window.NextAfter(time - TimeSpan.FromTicks(1)).ShouldBe(time);
        window.OpenUntil(time - TimeSpan.FromTicks(1)).ShouldBeNull();
    }

    [Fact]
    public void The_next_one_is_after_the_one_that_is_open() =>
        Of("0 2 * * 6", "8h", "UTC").NextAfter(Time("2027-01-02T02:00:00Z")!.Value)
            .ShouldBe(Time("2027-01-09T02:00:00Z"));

    [Theory]
    [InlineData("* * * *", "UTC")]
    [InlineData("61 2 * * 6", "UTC")]
    [InlineData("@daily", "UTC")]
    [InlineData("0 2 * * 6", "Europe/Atlantis")]
    [InlineData("0 2 * * 6", "../../etc/passwd")]
    [InlineData("0 2 * * 6", "/usr/share/zoneinfo/UTC")]
    [InlineData("0 2 * * 6", "europe/berlin")]
    [InlineData("0 2 * * 6", "Europe")]
    [InlineData("0 2 * * 6", "")]
    public void What_can_not_be_read_is_no_window(string schedule, string zone) =>
        WindowSchedule.Of(new MaintenanceWindow { Schedule = schedule, Duration = "1h", TimeZone = zone })
            .ShouldBeNull();

    private static DateTimeOffset? Open(string schedule, string duration, string zone, string at) =>
        Of(schedule, duration, zone).OpenUntil(Time(at)!.Value);

    private static WindowSchedule Of(string schedule, string duration, string zone) =>
        WindowSchedule.Of(new MaintenanceWindow { Schedule = schedule, Duration = duration, TimeZone = zone })
            .ShouldNotBeNull();

    private static DateTimeOffset? Time(string? text) =>
        text is null ? null : DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
