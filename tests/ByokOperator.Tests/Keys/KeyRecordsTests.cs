using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

public sealed class KeyRecordsTests
{
    private const string Entry = "eu-west-1.unknown-since";

    [Fact]
    public async Task A_late_stop_leaves_the_clock_that_a_successor_started()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.AddAsync(key, Entry, "successor's", CancellationToken.None);
        await records.RemoveAsync(key, Entry, "one that was decided on long ago", CancellationToken.None);
        (await records.ReadAsync(key, CancellationToken.None))!.Data![Entry].ShouldBe("successor's");
    }

    [Fact]
    public async Task A_clock_that_runs_is_not_set_back()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await lookout.ApplyKeyAsync();
        var records = new KeyRecords(lookout.Around);
        await records.AddAsync(key, Entry, "first", CancellationToken.None);
        await records.AddAsync(key, Entry, "second", CancellationToken.None);
        (await records.ReadAsync(key, CancellationToken.None))!.Data![Entry].ShouldBe("first");
    }
}
