using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>What only a calendar can tell of maintenance windows. What a schema can tell is in bad/.</summary>
public sealed class WindowRulesTests
{
    [Theory]
    [InlineData("0 2 * * 6", "8h")]
    [InlineData("*/30 * * * *", "30m")] // one begins where the other ends
    [InlineData("0 2 29 2 *", "8h")]
    [InlineData("0 22 * * MON-FRI", "8h")]
    [InlineData("0 2 L * *", "8h")]
    public void A_window_that_comes_true_is_in_order(string schedule, string duration) =>
        Check(new MaintenanceWindow { Schedule = schedule, Duration = duration }).ShouldBeEmpty();

    [Theory]
    [InlineData("0 2 30 2 *")]
    [InlineData("0 2 31 4,6,9,11 *")]
    public void A_schedule_that_never_comes_true_is_told(string schedule) =>
        Check(new MaintenanceWindow { Schedule = schedule, Duration = "8h" })
            .ShouldBe(
                [("spec.maintenanceWindows[0].schedule",
                    $"'{schedule}' never comes true: name a day that the month has")]);

    [Theory]
    [InlineData("60 2 * * 6")]
    [InlineData("0 24 * * 6")]
    [InlineData("0 2 * * 8")]
    [InlineData("0 2 * * SATURDAY")]
    [InlineData("0 2 0 * *")]
    public void A_schedule_that_cron_does_not_know_is_told(string schedule)
    {
        var (field, message) = Check(new MaintenanceWindow { Schedule = schedule, Duration = "8h" })
            .ShouldHaveSingleItem();
        field.ShouldBe("spec.maintenanceWindows[0].schedule");
        message.ShouldStartWith($"'{schedule}' is not a schedule that cron knows: minutes are 0 to 59");
    }

    [Fact]
    public void A_zone_that_nobody_knows_is_told() =>
        Check(new MaintenanceWindow { Schedule = "0 2 * * 6", Duration = "8h" },
            new MaintenanceWindow { Schedule = "0 2 * * 0", Duration = "8h", TimeZone = "Europe/Atlantis" })
            .ShouldBe(
                [("spec.maintenanceWindows[1].timeZone",
                    "there is no time zone 'Europe/Atlantis' in the operator's IANA database: write one such as "
                        + "Europe/Berlin or UTC")]);

    [Fact]
    public void A_window_that_opens_before_it_has_ended_is_told() =>
        Check(new MaintenanceWindow { Schedule = "0 2 * * *", Duration = "25h" })
            .ShouldBe(
                [("spec.maintenanceWindows",
                    "window 0 opens again before it has ended: make its duration shorter than the time between two "
                        + "openings")]);

    [Fact]
    public void Windows_that_overlap_are_told_with_the_day() =>
        Check(new MaintenanceWindow { Schedule = "0 2 * * 6", Duration = "8h" },
            new MaintenanceWindow { Schedule = "0 9 * * 6", Duration = "2h", TimeZone = "Europe/Berlin" })
            .ShouldBe(
                [("spec.maintenanceWindows",
                    "windows 0 and 1 overlap on 2027-01-02: make one of them shorter, or one window of both")]);

    /// <summary>Two in the morning in Berlin is midnight UTC in summer, and one o'clock in winter.</summary>
    [Fact]
    public void Windows_that_overlap_in_summer_alone_are_told() =>
        Check(new MaintenanceWindow { Schedule = "0 0 * * 0", Duration = "1h" },
            new MaintenanceWindow { Schedule = "0 2 * * 0", Duration = "1h", TimeZone = "Europe/Berlin" })
            .ShouldBe(
                [("spec.maintenanceWindows",
                    "windows 0 and 1 overlap on 2027-04-04: make one of them shorter, or one window of both")]);

    [Fact]
    public void The_most_that_a_spec_can_hold_is_in_order() =>
        Check(
            [.. Enumerable.Range(0, WindowRules.MaxWindows)
                .Select(number =>
                    new MaintenanceWindow
                    {
                        Schedule = $"{number} * * * *",
                        Duration = "1m",
                        TimeZone = "Europe/Berlin",
                    })]).ShouldBeEmpty();

    private static IReadOnlyList<(string Field, string Message)> Check(params MaintenanceWindow[] windows) =>
    [
        .. WindowRules.Check(
            new EncryptedStoreSpec
            {
                MaintenanceWindows = windows,
                Migration = new MigrationPolicy { FenceTimeout = "10s" },
            })
            .Select(violation => (violation.Field, violation.Message)),
    ];
}
