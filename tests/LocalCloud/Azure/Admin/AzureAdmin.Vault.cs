using System.Security.Cryptography;
using LocalCloud.Azure.Vault;

namespace LocalCloud.Azure.Admin;

public sealed partial class AzureAdmin
{
    /// <summary>A vault in the tenant's subscription (or another's), by roles,
    /// with purge protection unless told otherwise.</summary>
    public void CreateVault(
        string name, bool purgeProtection = true, bool usesRoles = true, bool premium = false,
        string subscription = LocalCloudAzure.TenantSubscription)
    {
        var tenant = azure.Subscriptions.TenantOf(subscription)
            ?? throw new ArgumentException($"no such subscription: {subscription}", nameof(subscription));
        var group = azure.Subscriptions.FindGroup(subscription, LocalCloudAzure.ResourceGroup)
            ?? azure.Subscriptions.AddGroup(subscription, LocalCloudAzure.ResourceGroup, LocalCloudAzure.Location);
        var vault = new KeyVault(name, group, tenant, LocalCloudAzure.Location)
        {
            Settings =
                new VaultSettings { PurgeProtection = purgeProtection, UsesRoles = usesRoles, IsPremium = premium },
        };
        if (!azure.Vaults.TryAdd(vault))
        {
            throw new ArgumentException($"there is a vault {name} already", nameof(name));
        }
    }

    /// <summary>An RSA key without a request. Returns its versionless id.</summary>
    public Uri CreateKey(string vault, string key, int size = 2048)
    {
        var found = Vault(vault);
        lock (found.Gate)
        {
            found.Keys.Add(key,
                new VaultKey(key,
                    new VaultKeyVersion(RSA.Create(size), false,
                        azure.Clock.GetUtcNow())
                        {
                            Operations = ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
                        }));
        }

        return new Uri(found.Uri, $"keys/{key}");
    }

    /// <summary>A key of the vault's HSM that others are wrapped with for their way in.
    /// Returns its full id and its public half.</summary>
    public (Uri Id, RSAParameters Public) CreateExchangeKey(string vault, string key)
    {
        var found = Vault(vault);
        var version =
            new VaultKeyVersion(RSA.Create(2048), isHsm: true, azure.Clock.GetUtcNow()) { Operations = ["import"] };
        lock (found.Gate)
        {
            found.Keys.Add(key, new VaultKey(key, version));
        }

        return (new Uri(found.Uri, $"keys/{key}/{version.Id}"), ((RSA)version.Material).ExportParameters(false));
    }

    /// <summary>Of each version, oldest first.</summary>
    public IReadOnlyList<bool> SwitchesOf(string vault, string key) =>
        [.. Key(vault, key).Versions.Select(version => version.Enabled)];

    /// <summary>The public half of the newest version.</summary>
    public byte[] ModulusOf(string vault, string key) =>
        ((RSA)Key(vault, key).Latest.Material).ExportParameters(false).Modulus!;

    public string VaultId(string vault) => Vault(vault).Id;

    /// <summary>Roles decide (true) or access policies (false).</summary>
    public void SetVaultModel(string vault, bool usesRoles) =>
        Change(vault, settings => settings with { UsesRoles = usesRoles });

    public void SetAccessPolicy(string vault, string tenant, string objectId, params string[] permissions) =>
        Change(vault, settings => settings with
        {
            Policies = [.. settings.Policies.Where(one => one.ObjectId != objectId),
                new AccessPolicy(tenant, objectId, permissions)],
        });

    /// <summary>A vault of the old days, whose deleted keys are gone at once.</summary>
    public void DisableSoftDelete(string vault) => Change(vault, settings => settings with { SoftDelete = false });

    /// <param name="vault">The vault whose firewall changes.</param>
    /// <param name="denies">Nobody gets in from the internet.</param>
    /// <param name="trusted">Storage does nevertheless.</param>
    public void SetVaultFirewall(string vault, bool denies, bool trusted = true) =>
        Change(vault, settings => settings with { DeniesByDefault = denies, BypassesTrusted = trusted });

    /// <summary>One version, or all of them.</summary>
    public void SetKeyEnabled(string vault, string key, bool enabled, string? version = null)
    {
        Touch();
        foreach (var one in Key(vault, key).Versions.Where(one => version is null || one.Id == version))
        {
            one.Enabled = enabled;
        }
    }

    public void SetKeyExpiry(string vault, string key, DateTimeOffset? expires)
    {
        Touch();
        Key(vault, key).Latest.Expires = expires;
    }

    public void DeleteKey(string vault, string key) =>
        new KeyDeletes(azure.Changes).Delete(Vault(vault), key, azure.Clock.GetUtcNow());

    public void RecoverKey(string vault, string key) => KeyDeletes.Recover(Vault(vault), Vault(vault).DeletedKeys[key]);

    /// <summary>Gone without trace, whatever protects it.</summary>
    public void RemoveKey(string vault, string key)
    {
        Touch();
        Vault(vault).Keys.Remove(key);
        Vault(vault).DeletedKeys.Remove(key);
    }

    /// <summary>Returns the new version.</summary>
    public string RotateKey(string vault, string key) =>
        KeyMaking.Rotate(Vault(vault), key, azure.Clock.GetUtcNow()).Id;

    /// <summary>Same key id and version, other material: what was wrapped no longer unwraps.</summary>
    public void ReplaceMaterial(string vault, string key)
    {
        Touch();
        var latest = Key(vault, key).Latest;
        latest.Material = RSA.Create(latest.Material.KeySize);
    }

    public string LatestVersion(string vault, string key) => Key(vault, key).Latest.Id;

    /// <summary>The vault goes into soft deletion, or comes back; its role assignments don't.</summary>
    public void SetVaultDeleted(string vault, bool deleted)
    {
        Touch();
        var found = Vault(vault);
        found.Deleted = deleted ? azure.Clock.GetUtcNow() : null;
        if (deleted)
        {
            azure.Roles.RemoveWhere(one => one.Scope.StartsWith(found.Id, StringComparison.OrdinalIgnoreCase));
        }
    }

    private void Touch() => azure.Changes.Touch(azure.Clock.GetUtcNow());

    private void Change(string vault, Func<VaultSettings, VaultSettings> change)
    {
        Touch();
        Vault(vault).Settings = change(Vault(vault).Settings);
    }

    private KeyVault Vault(string name) =>
        azure.Vaults.Find(name) ?? throw new ArgumentException($"no such vault: {name}", nameof(name));

    private VaultKey Key(string vault, string key) =>
        Vault(vault).Keys.GetValueOrDefault(key) ?? throw new ArgumentException($"no such key: {key}", nameof(key));
}
