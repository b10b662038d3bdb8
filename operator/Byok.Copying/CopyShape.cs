using Cloud;

namespace Byok.Copying;

/// <summary>How a cloud's own copies are cut up, as far as a plan has to know. Pure.</summary>
/// <param name="WholeUpTo">The largest that one request copies.</param>
/// <param name="LargestBytes">The largest that can be copied at all.</param>
public sealed record CopyShape(long WholeUpTo, long UsualPart, int MostParts, long LargestBytes)
{
    public static CopyShape Of(CloudKind cloud) => cloud == CloudKind.Azure
        ? new CopyShape(256L << 20, 256L << 20, 50_000, 50_000L * (4_000L << 20))
        : new CopyShape(5L << 30, 256L << 20, 10_000, 5L << 40);

    /// <summary>0 where one request copies it.</summary>
    public long PartsOf(long size) => size <= WholeUpTo ? 0 : (size + PartSize(size) - 1) / PartSize(size);

    private long PartSize(long size) => Math.Max(UsualPart, (size + MostParts - 1) / MostParts);
}
