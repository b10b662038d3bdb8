namespace Cloud.Objects;

/// <summary>A checksum kept by the store: algorithm in the cloud's spelling, value in Base64.
/// <paramref name="IsFullObject"/> is false for a hash of part hashes.</summary>
public sealed record Checksum(string Algorithm, string Value, bool IsFullObject);
