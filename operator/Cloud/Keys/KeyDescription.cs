namespace Cloud.Keys;

/// <summary>What the key management service tells of a key without using it.</summary>
/// <param name="MaterialId">Which key material is current, where the service tells.</param>
/// <param name="ValidTo">When the key, or its imported material, expires, UTC; null where it does not.</param>
public sealed record KeyDescription(string? MaterialId, DateTimeOffset? ValidTo);
