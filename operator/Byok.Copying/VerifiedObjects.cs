using Cloud.Objects;

namespace Byok.Copying;

/// <summary>The manifest's side of a join with a listing in the same order.</summary>
internal sealed class VerifiedObjects(
    IAsyncEnumerable<ManifestEntry> entries, ObjectOrder order, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly ObjectStream<ManifestEntry> stream =
        ObjectStream<ManifestEntry>.Over(entries, entry => entry.Key, order, cancellation);
    private string? key;
    private Dictionary<string, ManifestEntry> ofKey = [];

    /// <summary>The entry about exactly that version of the source, or null. Ask in key order.</summary>
    public async ValueTask<ManifestEntry?> FindAsync(ObjectVersion source)
    {
        if (source.Key != key)
        {
            key = source.Key;
            ofKey = (await stream.TakeAsync(key))
                .ToDictionary(entry => ManifestEntry.VersionName(entry.SourceVersion), StringComparer.Ordinal);
        }

        return ofKey.TryGetValue(ManifestEntry.VersionName(source.VersionId), out var entry) && entry.Covers(source)
            ? entry : null;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
