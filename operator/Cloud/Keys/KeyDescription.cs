namespace Cloud.Keys;

/// <summary>What the key management service tells of a key without using it.</summary>
/// <param name="Id">The full id as the service spells it.</param>
/// <param name="State">The service's own word, such as <c>Enabled</c> or <c>PendingDeletion</c>.</param>
/// <param name="MaterialId">Which key material is current, where the service tells.</param>
/// <param name="IsSymmetricEncryption">Whether stores can use such a key: on AWS symmetric encryption, on Azure RSA of 2048, 3072 or 4096 bits.</param>
/// <param name="IsMultiRegion">Whether replicas of the same material may stand in other regions.</param>
/// <param name="ValidTo">When imported material expires, UTC.</param>
public sealed record KeyDescription(
    string Id,
    string State,
    string? MaterialId,
    bool IsSymmetricEncryption,
    bool IsMultiRegion,
    DateTimeOffset? ValidTo,
    IReadOnlyList<CallRecord> Evidence);
