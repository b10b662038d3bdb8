namespace Byok.Copying;

/// <summary>What stands under one key.</summary>
/// <param name="KeyId">Full id; null for what is under no key of a tenant.</param>
/// <param name="Objects">All versions with content.</param>
public sealed record CensusCount(string? KeyId, long Objects, long Bytes);
