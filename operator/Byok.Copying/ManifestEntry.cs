using System.Text.Json.Serialization;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// Vouches that one version of the source stands in the target, and says as which version. Short names: a manifest has
/// a line for every version.
/// </summary>
public sealed record ManifestEntry
{
    /// <summary>S3's own id for it.</summary>
    public const string NullVersion = "null";

    [JsonPropertyName("k")]
    public required string Key { get; init; }

    [JsonPropertyName("v")]
    public string? SourceVersion { get; init; }

    [JsonPropertyName("e")]
    public string SourceETag { get; init; } = "";

    [JsonPropertyName("s")]
    public long Size { get; init; }

    /// <summary>Unix milliseconds. An unversioned object written again with
    /// equal content differs in nothing else.</summary>
    [JsonPropertyName("t")]
    public long SourceModified { get; init; }

    [JsonPropertyName("m")]
    public bool IsDeleteMarker { get; init; }

    [JsonPropertyName("tv")]
    public string? TargetVersion { get; init; }

    [JsonPropertyName("te")]
    public string TargetETag { get; init; } = "";

    /// <summary>How it was verified; see <see cref="Proofs"/>.</summary>
    [JsonPropertyName("p")]
    public string Proof { get; init; } = "";

    /// <summary>What the source has and its copy has not; null for nearly all.</summary>
    [JsonPropertyName("n")]
    public IReadOnlyList<string>? NotCarried { get; init; }

    public static ManifestEntry For(ObjectVersion source, string? targetVersion, string targetETag, string proof) =>
        new()
        {
            Key = source.Key,
            SourceVersion = source.VersionId,
            SourceETag = source.ETag,
            Size = source.Size,
            SourceModified = source.LastModified.ToUnixTimeMilliseconds(),
            IsDeleteMarker = source.IsDeleteMarker,
            TargetVersion = targetVersion,
            TargetETag = targetETag,
            Proof = proof,
        };

    public ManifestEntry Lacking(IReadOnlyList<string>? attributes) =>
        attributes is { Count: > 0 } ? this with { NotCarried = attributes } : this;

    /// <summary>
    /// One name for the version written before a store was versioned: listed without an id while it is the newest, and
    /// as <c>null</c> once another stands before it.
    /// </summary>
    public static string VersionName(string? versionId) => versionId ?? NullVersion;

    /// <summary>Whether this entry is about exactly that version of the source.</summary>
    public bool Covers(ObjectVersion source) =>
        Key == source.Key
        && VersionName(SourceVersion) == VersionName(source.VersionId)
        && SourceETag == source.ETag
        && Size == source.Size
        && IsDeleteMarker == source.IsDeleteMarker
        && SourceModified == source.LastModified.ToUnixTimeMilliseconds();

    /// <summary>Whether that version of the target is the one that this entry's copy made.</summary>
    public bool IsStoredAs(ObjectVersion target) =>
        Key == target.Key
        && Size == target.Size
        && IsDeleteMarker == target.IsDeleteMarker
        && TargetVersion == target.VersionId
        && (TargetVersion is not null || TargetETag == target.ETag);

    /// <summary>The target's version in the terms of a delete request.</summary>
    public ObjectVersion ToTarget() =>
        new(Key, TargetVersion, TargetETag, Size, DateTimeOffset.FromUnixTimeMilliseconds(SourceModified),
            IsDeleteMarker, false, null);
}
