using System.Globalization;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>A blob as it is at one moment: the current one, a version, or a snapshot. Never changed,
/// only followed by another.</summary>
internal sealed record BlobState(BlobKind Kind, Content Content, long Stamp)
{
    public DateTimeOffset Modified => new(Stamp, TimeSpan.Zero);

    public string ETag => $"\"0x{Stamp.ToString("X16", CultureInfo.InvariantCulture)}\"";

    public DateTimeOffset Created { get; init; } = new(Stamp, TimeSpan.Zero);

    public string? VersionId { get; init; }

    public string? Snapshot { get; init; }

    public DateTimeOffset? Deleted { get; init; }

    public BlobHeaders Headers { get; init; } = BlobHeaders.None;

    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    public string? Tier { get; init; }

    /// <summary>Of the blob itself; no copy of it has it.</summary>
    public bool LegalHold { get; init; }

    /// <summary>The encryption scope that it came under; null for none.</summary>
    public string? Scope { get; init; }

    public CopyState? Copy { get; init; }

    /// <summary>Committed blocks of a block blob, in order; none after Put Blob.</summary>
    public IReadOnlyList<KeyValuePair<string, Content>> Blocks { get; init; } = [];

    public int AppendedBlocks { get; init; }

    public bool Sealed { get; init; }

    public long Sequence { get; init; }
}
