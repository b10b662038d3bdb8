namespace LocalCloud.Aws.Kms;

/// <summary>What of an import request a policy's conditions can see.</summary>
internal sealed record ImportConditions(string? Algorithm, string? KeySpec, string? ExpirationModel);
