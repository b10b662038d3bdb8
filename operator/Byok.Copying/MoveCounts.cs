using Cloud;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>What a listing adds up to. Memory does not grow with the listing: counts,
/// and the first few names of each kind of obstacle.</summary>
public sealed class MoveCounts
{
    /// <summary>Of each kind of obstacle.</summary>
    private const int MostNamed = 3;

    private readonly SortedDictionary<string, Obstacle> obstacles = new(StringComparer.Ordinal);

    public long Objects { get; private set; }

    public long Versions { get; private set; }

    public long DeleteMarkers { get; private set; }

    public long Bytes { get; private set; }

    public long LargestBytes { get; private set; }

    /// <summary>Copies that are made in one request.</summary>
    public long WholeCopies { get; private set; }

    /// <summary>Copies that are made in parts, and their parts.</summary>
    public long PartCopies { get; private set; }

    public long Parts { get; private set; }

    /// <summary>Versions whose store keeps no checksum that the copy could be compared by:
    /// the content is read.</summary>
    public long Read { get; private set; }

    public IReadOnlyDictionary<string, Obstacle> Obstacles => obstacles;

    public long Listed => Versions + DeleteMarkers;

    /// <summary>How many versions were looked at one by one: what is told by <see cref="Sampled"/> was found among
    /// these.</summary>
    public long LookedAt { get; set; }

    /// <summary>What a look at one version found to be in its way.</summary>
    public void Sampled(ObjectVersion version, string code, string fix) =>
        Note(code, fix, version, isSampled: true);

    /// <param name="ofKey">All entries of one name.</param>
    /// <param name="rule">Of the cloud that the listing is of.</param>
    public void Add(IReadOnlyList<ObjectVersion> ofKey, CopyShape rule)
    {
        Objects += ofKey.Any(version => version is { IsLatest: true, IsDeleteMarker: false }) ? 1 : 0;
        foreach (var version in ofKey)
        {
            Add(version, rule);
        }
    }

    private void Add(ObjectVersion version, CopyShape rule)
    {
        if (version.IsDeleteMarker)
        {
            DeleteMarkers++;
            return;
        }

        Versions++;
        Bytes += version.Size;
        LargestBytes = Math.Max(LargestBytes, version.Size);
        Read += version.ChecksumAlgorithm is null ? 1 : 0;
        var parts = rule.PartsOf(version.Size);
        (WholeCopies, PartCopies, Parts) = parts == 0 ? (WholeCopies + 1, PartCopies, Parts)
            : (WholeCopies, PartCopies + 1, Parts + parts);
        if (version.Obstacle is { Fix: { } mend } obstacle)
        {
            Note(obstacle.Code, mend, version);
        }
        else if (version.Size > rule.LargestBytes)
        {
            Note("ObjectTooLarge", "it is larger than a copy can be: split it", version);
        }

        if (version.IsLeased)
        {
            Note("LeasedByAnother",
                "somebody else holds a lease on it, and no write fence goes over that: have it released", version);
        }
    }

    private void Note(string code, string mend, ObjectVersion version, bool isSampled = false)
    {
        var known = obstacles.GetValueOrDefault(code) ?? new Obstacle(0, mend, []) { IsSampled = isSampled };
        var names = known.Named.Count < MostNamed
            ? [.. known.Named, new RefusedObject(version.Key, version.VersionId, code, mend).Shown] : known.Named;
        obstacles[code] = known with { Count = known.Count + 1, Named = names };
    }

    /// <param name="Named">The first of them, as a person may be shown them.</param>
    public sealed record Obstacle(long Count, string Fix, IReadOnlyList<string> Named)
    {
        /// <summary>It was found by looks at single versions, so there may be more.</summary>
        public bool IsSampled { get; init; }
    }
}

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
