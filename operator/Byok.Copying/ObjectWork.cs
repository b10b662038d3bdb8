using Cloud.Objects;

namespace Byok.Copying;

/// <summary>One key as seen from all sides, each oldest first.</summary>
/// <param name="Target">Null beyond the reach of an interrupted attempt: nothing of ours but
/// <paramref name="Previous"/> can stand there.</param>
internal sealed record ObjectWork(
    string Key,
    IReadOnlyList<ObjectVersion> Source,
    IReadOnlyList<ManifestEntry> Previous,
    IReadOnlyList<ObjectVersion>? Target);
