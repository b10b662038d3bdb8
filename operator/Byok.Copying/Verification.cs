using Cloud.Objects;

namespace Byok.Copying;

/// <summary>Proves that a version in the target is the version in the source.
/// Reads contents only where no comparable checksum is kept.</summary>
internal sealed class Verification(IObjectData data, CopyOptions options)
{
    /// <summary>The algorithm whose stored value equals what we compute by reading.</summary>
    private const string ReadAlgorithm = "SHA256";

    /// <summary>Verifies a copy just made. Returns the proof, or null when the contents differ.</summary>
    /// <exception cref="CopyMismatchException">It was written under another key (law 2).</exception>
    /// <exception cref="SourceChangedException">The source is no longer what was listed.</exception>
    public async Task<string?> VerifyCopyAsync(
        ObjectVersion source, ObjectVersion stored, CopyResult copied, Task<ObjectFacts?> sourceLook,
        CancellationToken cancellation)
    {
        var keyId = copied.KeyId;
        if (keyId is null)
        {
            var facts = await data.HeadAsync(options.Target, stored.Key, stored.VersionId, cancellation);
            keyId = KeyOf(facts);
        }

        RequireKey(stored.Key, keyId);
        return options.Verification switch
        {
            VerificationMode.Metadata => Proofs.Size,
            _ => await CompareAsync(source, stored, Unchanged(source, await sourceLook), copied.Checksum, cancellation),
        };
    }

    /// <summary>
    /// Verifies what an interrupted attempt left. Always by content, whatever the mode: that it stands in the right
    /// place is a guess until then.
    /// </summary>
    public async Task<(string Proof, IReadOnlyList<string> NotCarried)?> VerifyAdoptionAsync(
        Adoption adoption, CancellationToken cancellation)
    {
        var (source, stored) = adoption;
        if (source.IsDeleteMarker)
        {
            return (Proofs.Marker, []);
        }

        var sourceLook = data.HeadAsync(options.Source, source.Key, source.VersionId, cancellation);
        var targetLook = data.HeadAsync(options.Target, stored.Key, stored.VersionId, cancellation);
        await Task.WhenAll(sourceLook, targetLook);
        var from = Unchanged(source, await sourceLook);
        if (await targetLook is not { } to || to.Size != source.Size || to.ETag != stored.ETag
            || !SameHeaders(from, to))
        {
            return null;
        }

        RequireKey(stored.Key, KeyOf(to));
        return await CompareAsync(source, stored, from, to.Checksum, cancellation) is { } proof
            ? (proof, from.NotCarried) : null;
    }

    private async Task<string?> CompareAsync(
        ObjectVersion source, ObjectVersion stored, ObjectFacts from, Checksum? kept, CancellationToken cancellation)
    {
        if (from.Checksum is { IsFullObject: true } left && kept is { IsFullObject: true } right
            && left.Algorithm == right.Algorithm)
        {
            return left.Value == right.Value ? Proofs.StoredChecksum : null;
        }

        var sourceHash = HashOfAsync(options.Source, source, from.Checksum, cancellation);
        var targetHash = HashOfAsync(options.Target, stored, kept, cancellation);
        await Task.WhenAll(sourceHash, targetHash);
        if (sourceHash.Result.AsSpan().SequenceEqual(targetHash.Result))
        {
            return Proofs.ReadHash;
        }

        // An unversioned source may have been overwritten while it was read: that is a change, not a bad copy.
        Unchanged(source, await data.HeadAsync(options.Source, source.Key, source.VersionId, cancellation));
        return null;
    }

    private Task<byte[]> HashOfAsync(
        Cloud.Stores.StoreRef store, ObjectVersion version, Checksum? kept, CancellationToken cancellation) =>
        kept is { Algorithm: ReadAlgorithm, IsFullObject: true }
            ? Task.FromResult(Convert.FromBase64String(kept.Value))
            : data.HashAsync(store, version.Key, version.VersionId, cancellation);

    private static ObjectFacts Unchanged(ObjectVersion source, ObjectFacts? facts) =>
        facts is not null && facts.ETag == source.ETag && facts.Size == source.Size
            ? facts
            : throw new SourceChangedException(source.Key);

    private static bool SameHeaders(ObjectFacts from, ObjectFacts to) =>
        from.Headers.Count == to.Headers.Count
        && from.Headers.All(header => to.Headers.TryGetValue(header.Key, out var value) && value == header.Value);

    private string? KeyOf(ObjectFacts? facts) =>
        facts?.KeyId ?? (options.Key.IsStoreManaged && facts?.Encryption == options.Key.Id ? options.Key.Id : null);

    private void RequireKey(string key, string? keyId)
    {
        if (keyId != options.Key.Id)
        {
            throw new CopyMismatchException(
                $"'{key}' was written under {keyId ?? "no key"} where {options.Key.Id} was ordered; nothing more is "
                    + "copied");
        }
    }
}

/// <summary>The target is not what it has to be. Trying again will not change that; a person has to look.</summary>
public sealed class CopyMismatchException(string message) : Exception(message);

/// <summary>How an entry of the manifest was verified.</summary>
internal static class Proofs
{
    /// <summary>Both sides keep the same full-object checksum.</summary>
    public const string StoredChecksum = "checksum";

    /// <summary>The contents' SHA-256 are equal, at least one side of it computed by reading.</summary>
    public const string ReadHash = "hash";

    /// <summary>The sizes are equal, as the closing listing shows.</summary>
    public const string Size = "size";

    /// <summary>A delete marker has no content.</summary>
    public const string Marker = "marker";
}
