namespace Cloud.Keys;

/// <summary>The port to tenants' keys. Every call takes one key; problems of transport and permission are <see cref="CloudException"/>.</summary>
public interface ITenantKeys
{
    /// <summary>Asks about the key without using it. Throws <see cref="CloudException"/>.</summary>
    Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation);

    /// <summary>
    /// Uses the key: makes a data key that nobody sees and decrypts the stored canary (or the fresh one). Never throws for
    /// an answer of the service: the verdict is the answer.
    /// </summary>
    Task<KeyProof> ProveAsync(KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation);

    /// <summary>Whether our grant of that name stands on the key.</summary>
    Task<bool> HasGrantAsync(KeyRef key, string name, CancellationToken cancellation);

    /// <summary>Idempotent by name.</summary>
    Task EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation);

    /// <summary>Idempotent; works in every key state. Revokes nothing but grants of that name.</summary>
    Task RevokeGrantAsync(KeyRef key, string name, CancellationToken cancellation);
}
