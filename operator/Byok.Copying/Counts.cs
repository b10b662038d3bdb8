namespace Byok.Copying;

/// <summary>What a manifest, or a part of it, adds up to.</summary>
/// <param name="Keys">Distinct keys.</param>
/// <param name="Versions">Versions with content, the current ones among them.</param>
/// <param name="Copied">Versions and markers that this run wrote (the rest was
/// carried over from the previous run).</param>
/// <param name="Skipped">Versions that were gone or overwritten before they could be copied;
/// a delta run has none.</param>
public sealed record Counts(long Keys, long Versions, long DeleteMarkers, long Bytes, long Copied, long Skipped)
{
    public static readonly Counts Zero = new(0, 0, 0, 0, 0, 0);

    public static Counts operator +(Counts left, Counts right) => new(
        left.Keys + right.Keys,
        left.Versions + right.Versions,
        left.DeleteMarkers + right.DeleteMarkers,
        left.Bytes + right.Bytes,
        left.Copied + right.Copied,
        left.Skipped + right.Skipped);

    public static Counts Add(Counts left, Counts right) => left + right;
}
