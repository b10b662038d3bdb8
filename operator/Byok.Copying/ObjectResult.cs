namespace Byok.Copying;

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
