namespace LocalCloud.Azure.Blob;

/// <summary>A policy of a container that shared access signatures may name: taking it away ends them.</summary>
internal sealed record StoredPolicy(string? Permissions, DateTimeOffset? Start, DateTimeOffset? Expiry);
