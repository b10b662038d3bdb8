using System.Text;
using Cloud.Objects;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class KeyOrderTests
{
    [Fact]
    public void Keys_compare_as_their_bytes_do_on_one_cloud_and_as_their_units_on_the_other()
    {
        var random = new Random(1);
        string[] alphabet = ["a", "/", "\u0001", "\u00fc", "\u65e5", "\ud7ff", "\ue000", "\ufffd", "\U00010000",
            "\U0001F600", "\U0010FFFF"];
        for (var round = 0; round < 20_000; round++)
        {
            var left = Word();
            var right = Word();
            Math.Sign(ObjectOrder.Utf8.Compare(left, right))
                .ShouldBe(
                    Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))),
                    $"{left} and {right}");
            Math.Sign(ObjectOrder.Utf16.Compare(left, right))
                .ShouldBe(Math.Sign(string.CompareOrdinal(left, right)), $"{left} and {right}");
        }

        string Word() =>
            string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    [Fact]
    public void A_key_stays_in_its_shard_in_every_build()
    {
        ObjectShard.Of("acme/n/0001", 8).ShouldBe(ShardOfFirst);
        ObjectShard.Of("acme/\u65e5\u672c", 8).ShouldBe(ShardOfSecond);
    }

    [Fact]
    public void Numbered_keys_spread_evenly()
    {
        var counts = new int[8];
        for (var number = 0; number < 80_000; number++)
        {
            counts[ObjectShard.Of($"acme/backup-{number:D8}.dat", 8)]++;
        }

        counts.ShouldAllBe(count => count > 9_500 && count < 10_500);
    }

    [Fact]
    public async Task A_stream_out_of_order_is_an_error_and_not_a_gap()
    {
        await using var stream =
            ObjectStream<string>.Over(Enumerable.Range(0, 2).Select(index => index == 0 ? "b" : "a")
                .ToAsyncEnumerable(), key => key, ObjectOrder.Utf8, default);
        await Should.ThrowAsync<InvalidDataException>(stream.TakeAsync("b").AsTask());
    }

    private const int ShardOfFirst = 3;
    private const int ShardOfSecond = 0;
}
