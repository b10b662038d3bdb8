namespace Cloud.Keys;

/// <summary>The port to tenants' keys. Every call takes one key; problems of transport and permission are
/// <see cref="CloudException"/>.</summary>
public interface ITenantKeys
{
    /// <summary>Asks about the key without using it. Throws <see cref="CloudException"/>.</summary>
    Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation);

    /// <summary>
    /// Uses the key: makes a data key that nobody sees and decrypts the stored canary (or the fresh one). Never throws
    /// for an answer of the service: the verdict is the answer.
    /// </summary>
    Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation);

    /// <summary>Whom grants of that name let in; empty where none stands.</summary>
    Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation);

    /// <summary>Idempotent by name; on keys of the platform's own alone.</summary>
    /// <returns>The grant's id; null where the cloud needs no grants.</returns>
    Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation);

    /// <summary>
    /// Idempotent; works in every key state. Takes the grants that are known by id, which needs no leave of the key's
    /// policy, and then all of that name; throws where it can't be told whether one of that name stands.
    /// </summary>
    Task RevokeGrantAsync(KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation);
}

/// <summary>A grant of ours on a tenant's key, for the role that the workloads use.
/// Found again by <paramref name="Name"/>.</summary>
public sealed record GrantSpec(string Name, string GranteePrincipal);

/// <summary>What the key management service tells of a key without using it.</summary>
/// <param name="MaterialId">Which key material is current, where the service tells.</param>
/// <param name="ValidTo">When the key, or its imported material, expires, UTC; null where it does not.</param>
public sealed record KeyDescription(string? MaterialId, DateTimeOffset? ValidTo);
