using System.Text;
using LocalCloud.Storage;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Storage;

public sealed class StorageTests
{
    [Fact]
    public void Keys_sort_as_their_UTF8_bytes_do()
    {
        string[] keys = ["a", "a/b", "a0", "b", "é", "\uFFFD", "😀", "😁", "z"];
        keys.Order(Comparer<string>.Create(Utf8Order.Compare))
            .ShouldBe(keys.OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal));
    }

    [Fact]
    public void The_index_agrees_with_a_sorted_set_whatever_happens_to_it()
    {
        var index = new SortedIndex<string>(Utf8Order.Compare);
        var model = new SortedSet<string>(Comparer<string>.Create(Utf8Order.Compare));
#pragma warning disable CA5394 // A fixed seed, so that a failure repeats.
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var key = random.Next(4000).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
            if (model.Remove(key))
            {
                index.Remove(key).ShouldBeTrue();
            }
            else
            {
                model.Add(key);
                index.Add(key, key);
            }
        }
#pragma warning restore CA5394

        index.Count.ShouldBe(model.Count);
        index.From("", after: false).Select(one => one.Key).ShouldBe(model);
        var middle = model.ElementAt(model.Count / 2);
        index.From(middle, after: true).First().Key.ShouldBe(model.ElementAt((model.Count / 2) + 1));
    }

    [Theory]
    [InlineData(0, 300_000)]
    [InlineData(1, 131_072)]
    [InlineData(65_533, 65_560)]
    [InlineData(70_000, 5)]
    [InlineData(131_072, 65_536)]
    public void Sparse_content_knows_its_CRC_without_reading_itself(long offset, int count)
    {
        var content = new SparseContent(1 << 20, 3);
        var bytes = new byte[count];
        content.Read(offset, bytes);
        foreach (var crc in new[] { Crc.Crc32, Crc.Crc32C, Crc.Crc64Nvme })
        {
            content.AppendCrc(crc, 0, offset, count).ShouldBe(crc.Append(0, bytes));
        }
    }

    [Fact]
    public void Joined_and_sliced_content_reads_as_the_bytes_it_stands_for()
    {
        var joined =
            new JoinedContent([new MemoryContent([1, 2, 3]), new MemoryContent([4]), new MemoryContent([5, 6])]);
        var all = new byte[6];
        joined.Read(0, all);
        all.ShouldBe([1, 2, 3, 4, 5, 6]);
        var some = new byte[3];
        SlicedContent.Of(joined, 2, 3).Read(0, some);
        some.ShouldBe([3, 4, 5]);
    }
}
