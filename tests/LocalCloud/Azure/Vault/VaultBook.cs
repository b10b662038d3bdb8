using System.Collections.Concurrent;

namespace LocalCloud.Azure.Vault;

/// <summary>All vaults: one name space for everybody.</summary>
internal sealed class VaultBook
{
    private readonly ConcurrentDictionary<string, KeyVault> vaults = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<KeyVault> All => vaults.Values.OrderBy(one => one.Name, StringComparer.Ordinal);

    /// <summary>Deleted ones too.</summary>
    public KeyVault? Find(string name) => vaults.GetValueOrDefault(name);

    public KeyVault? FindLive(string name) => Find(name) is { Deleted: null } found ? found : null;

    public bool TryAdd(KeyVault vault) => vaults.TryAdd(vault.Name, vault);

    public bool Purge(KeyVault vault) => vaults.TryRemove(new(vault.Name, vault));
}
