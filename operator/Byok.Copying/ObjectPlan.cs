using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// What one key needs so that the target's versions equal the source's, in order. A pure function of what was seen, so
/// starting, resuming and repairing are the same code. All lists are oldest first.
/// </summary>
/// <param name="Carried">Entries of the previous run that still hold.</param>
/// <param name="Adoptions">Versions that an interrupted attempt seems to have copied already;
/// to be verified before they count.</param>
/// <param name="Copies">Versions to copy, after the adopted ones.</param>
/// <param name="Removals">Versions of the target to delete first, exactly.</param>
internal sealed record ObjectPlan(
    IReadOnlyList<ManifestEntry> Carried,
    IReadOnlyList<Adoption> Adoptions,
    IReadOnlyList<ObjectVersion> Copies,
    IReadOnlyList<ObjectVersion> Removals)
{
    /// <summary>Nothing to do, nothing to prove.</summary>
    public bool IsCarryOnly => Adoptions.Count == 0 && Copies.Count == 0 && Removals.Count == 0;

    /// <param name="source">The live versions.</param>
    /// <param name="previous">The previous run's entries; empty in a bulk run.</param>
    /// <param name="target">What stands in the target; null when nobody looked, because nothing can stand there but
    /// what <paramref name="previous"/> says.</param>
    public static ObjectPlan For(
        IReadOnlyList<ObjectVersion> source, IReadOnlyList<ManifestEntry> previous,
        IReadOnlyList<ObjectVersion>? target)
    {
        var carried = Carry(source, previous, target);
        var wanted = source.Skip(carried.Count).ToList();
        var outdated = previous.Except(carried).ToList();

        IReadOnlyList<ObjectVersion> extras =
            target is null ? [] : [.. target.Where(version => !previous.Any(entry => entry.IsStoredAs(version)))];
        var stale = target is null
            ? outdated.Select(entry => entry.ToTarget())
            : target.Where(version => outdated.Any(entry => entry.IsStoredAs(version)));

        if (CanAdopt(extras, wanted))
        {
            var adoptions = extras.Select((stored, index) => new Adoption(wanted[index], stored)).ToList();
            return new ObjectPlan(carried, adoptions, wanted[extras.Count..], Removable(stale, wanted.Count > 0));
        }

        return new ObjectPlan(carried, [], wanted, Removable(stale.Concat(extras), wanted.Count > 0));
    }

    /// <summary>
    /// The longest run of entries that are still the source's oldest versions. An entry behind a version that was never
    /// copied can't be carried: its copy would stand before that version's.
    /// </summary>
    private static List<ManifestEntry> Carry(
        IReadOnlyList<ObjectVersion> source, IReadOnlyList<ManifestEntry> previous,
        IReadOnlyList<ObjectVersion>? target)
    {
        List<ManifestEntry> carried = [];
        var byVersion = ByVersion(previous);
        var last = -1;
        foreach (var version in source)
        {
            if (!byVersion.TryGetValue(ManifestEntry.VersionName(version.VersionId), out var index)
                || index <= last
                || !previous[index].Covers(version)
                || (target is not null && !target.Any(previous[index].IsStoredAs)))
            {
                break;
            }

            carried.Add(previous[index]);
            last = index;
        }

        return carried;
    }

    private static Dictionary<string, int> ByVersion(IReadOnlyList<ManifestEntry> previous)
    {
        Dictionary<string, int> positions = new(previous.Count, StringComparer.Ordinal);
        for (var index = 0; index < previous.Count; index++)
        {
            positions[ManifestEntry.VersionName(previous[index].SourceVersion)] = index;
        }

        return positions;
    }

    private static bool CanAdopt(IReadOnlyList<ObjectVersion> extras, List<ObjectVersion> wanted) =>
        extras.Count <= wanted.Count
            && !extras.Where((stored, index) => !Adoption.Resembles(wanted[index], stored)).Any();

    /// <summary>An unversioned object is not removed where a copy is going to replace it anyway.</summary>
    private static List<ObjectVersion> Removable(IEnumerable<ObjectVersion> versions, bool isReplaced) =>
        [.. versions.Where(version => version.VersionId is not null || !isReplaced)];
}

/// <summary>One key dealt with: the entries for its versions, oldest first, and what they add to the tally.</summary>
internal sealed record ObjectResult(string Key, IReadOnlyList<ManifestEntry> Entries, long Copied, long Skipped)
{
    public Counts Counts => new(
        Entries.Count > 0 ? 1 : 0,
        Entries.Count(entry => !entry.IsDeleteMarker),
        Entries.Count(entry => entry.IsDeleteMarker),
        Entries.Sum(entry => entry.Size),
        Copied,
        Skipped);
}
