using Azure;

namespace Cloud.Azure.Objects;

/// <summary>Into which ranges a content is cut. Pure.</summary>
internal static class RangePlan
{
    /// <summary>What Put Page From URL takes.</summary>
    public const long MostOfPages = 4L << 20;

    /// <summary>What Append Block From URL takes.</summary>
    private const long MostOfAppend = 100L << 20;

    /// <summary>The service's bound on the blocks of a blob.</summary>
    private const int MostBlocks = 50_000;

    /// <summary>Large enough that requests do not matter, small enough that a lost one costs seconds.</summary>
    private const long UsualBlock = 256L << 20;

    private const long Alignment = 1L << 20;

    public static IReadOnlyList<HttpRange> ForBlocks(long size)
    {
        var least = (((size + MostBlocks - 1) / MostBlocks) + Alignment - 1) / Alignment * Alignment;
        return Cut(0, size, Math.Max(UsualBlock, least));
    }

    public static IReadOnlyList<HttpRange> ForAppending(long size) => Cut(0, size, MostOfAppend);

    /// <summary>Of a run of pages that are written; what is not written need not be copied.</summary>
    public static IReadOnlyList<HttpRange> ForPages(HttpRange written) =>
        Cut(written.Offset, written.Length ?? 0, MostOfPages);

    private static IReadOnlyList<HttpRange> Cut(long start, long length, long step)
    {
        var count = (int)((length + step - 1) / step);
        return [.. Enumerable.Range(0, count)
            .Select(index => new HttpRange(start + (index * step), Math.Min(step, length - (index * step))))];
    }
}
