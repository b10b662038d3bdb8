namespace LocalCloud.Aws.Iam;

/// <summary>An access key that the cloud knows. A temporary one has a token and an end.</summary>
internal sealed record Credential(
    string AccessKey, string Secret, Principal Principal, string? Token = null, DateTimeOffset? Expires = null);
