using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>Tenants' keys in their own vaults. Data is read and written through the storage account's identity, so
/// workloads need nothing on the key.</summary>
internal sealed class KeyVaultTenantKeys(VaultCalls vault, VaultProbe probe) : ITenantKeys
{
    public async Task<KeyDescription> DescribeAsync(KeyRef key, CancellationToken cancellation)
    {
        var facts = await vault.GetAsync(key, VaultKeyId.Parse(key.Id), evidence: null, cancellation);
        return new KeyDescription(facts.Id.Version, facts.Expires);
    }

    public Task<KeyProof> ProveAsync(
        KeyRef key, IReadOnlyDictionary<string, string> context, Canary? stored, CancellationToken cancellation) =>
        probe.ProveAsync(key, context, stored, cancellation);

    /// <summary>What the data plane needs of a key goes with the account's identity
    /// and not with the workload.</summary>
    public Task<IReadOnlyList<string>> GranteesAsync(KeyRef key, string name, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task<string?> EnsureGrantAsync(KeyRef key, GrantSpec grant, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    public Task RevokeGrantAsync(
        KeyRef key, string name, IReadOnlyCollection<string> known, CancellationToken cancellation) =>
            Task.CompletedTask;
}
