using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class KeyRecordsTests
{
    private static readonly DateTimeOffset first = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset second = first.AddMinutes(1);

    [Fact]
    public async Task A_late_stop_leaves_the_clock_that_a_successor_started()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.StartClockAsync(key, Lookout.Region, Clock.Unknown, second, CancellationToken.None);
        await records.StopClockAsync(key, Lookout.Region, Clock.Unknown, first, CancellationToken.None);
        (await records.ReadAsync(key, CancellationToken.None)).Trusted!.In(Lookout.Region).UnknownSince
            .ShouldBe(second);
    }

    [Fact]
    public async Task A_creation_is_noted_with_its_spec_so_that_what_it_left_is_found_without_the_object()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.NoteCreationAsync(key, Lookout.Region, first, CancellationToken.None);
        await records.NoteCreationAsync(key, Lookout.Region, second, CancellationToken.None);
        var record = (await records.ReadAsync(key, CancellationToken.None)).Trusted!;
        (record.In(Lookout.Region).CreatingSince, record.Spec!.Regions().Single()).ShouldBe((first, Lookout.Region));
    }

    [Fact]
    public async Task A_clock_that_runs_is_not_set_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.StartClockAsync(key, Lookout.Region, Clock.Unknown, first, CancellationToken.None);
        await records.StartClockAsync(key, Lookout.Region, Clock.Unknown, second, CancellationToken.None);
        (await records.ReadAsync(key, CancellationToken.None)).Trusted!.In(Lookout.Region).UnknownSince.ShouldBe(first);
    }
}
