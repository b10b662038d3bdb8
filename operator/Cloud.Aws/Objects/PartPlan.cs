using Cloud.Calling;

namespace Cloud.Aws.Objects;

/// <summary>Into which ranges a large object is cut. Pure.</summary>
internal static class PartPlan
{
    /// <summary>S3's bound on the parts of an upload.</summary>
    private const int MostParts = 10_000;

    /// <summary>S3's bound on one of them.</summary>
    private const long LargestPart = 5L << 30;

    /// <summary>Large enough that requests do not matter, small enough that a lost one costs seconds.</summary>
    private const long UsualPart = 256L << 20;

    private const long Alignment = 1L << 20;

    /// <summary>First and last byte, both included.</summary>
    public static IReadOnlyList<(int Number, long First, long Last)> For(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var least = (((size + MostParts - 1) / MostParts) + Alignment - 1) / Alignment * Alignment;
        var part = Math.Max(UsualPart, least);
        if (part > LargestPart)
        {
            throw new CloudException(ObjectRefusals.Seen("EntityTooLarge", $"{size} bytes"),
                "s3:CreateMultipartUpload");
        }

        var count = (int)((size + part - 1) / part);
        return [.. Enumerable.Range(0, count)
            .Select(index => (index + 1, index * part, Math.Min(size, (index + 1) * part) - 1))];
    }
}
