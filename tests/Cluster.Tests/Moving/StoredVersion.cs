namespace Cluster.Tests.Moving;

/// <summary>A version of an object, or a state of a blob, as it is found.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Id">The version's; empty where there is none.</param>
/// <param name="Digest">SHA-256 of its content; null of a delete marker.</param>
/// <param name="KeyId">Of the key that HEAD says it is under; null where it names none.</param>
internal sealed record StoredVersion(string Key, string Id, string? Digest, string? KeyId)
{
    /// <summary>What has to be the same wherever it stands.</summary>
    public string Content => $"{Key} {Digest ?? "deleted"}";
}
