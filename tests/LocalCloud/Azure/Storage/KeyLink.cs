using System.Security.Cryptography;
using LocalCloud.Azure.Vault;
using LocalCloud.Faults;

namespace LocalCloud.Azure.Storage;

/// <summary>Storage's dealings with Key Vault: as the identity (or the application it stands for), through the vault's
/// model, state and firewall.</summary>
internal sealed class KeyLink(AzureCloud cloud)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromHours(24);

    /// <summary>For the operations that need the key: throws what Blob answers when Key Vault says no.</summary>
    public void DemandOpen(StorageAccount account)
    {
        Follow(account);
        if (Closed(account) is { } problem
            && cloud.Clock.GetUtcNow() - cloud.Changes.Last >= cloud.Switches.KeyLag.Value)
        {
            throw problem;
        }
    }

    /// <summary>Leaves the tenant's key for Microsoft's, which takes the tenant's key once more.</summary>
    public void Unbind(StorageAccount account)
    {
        DemandLeavable(account);
        (account.Encryption, account.Bound) = (null, null);
    }

    /// <summary>Puts the account under a key, or throws what ARM answers.</summary>
    public void Bind(StorageAccount account, AccountEncryption encryption)
    {
        DemandReachable(account);
        DemandLeavable(account);
        if (Look(encryption, encryption.KeyVersion, out var version) is { } problem)
        {
            throw KeyProblems.ForArm(problem);
        }

        var settings = cloud.Vaults.FindLive(VaultName(encryption))!.Settings;
        if (!settings.SoftDelete || !settings.PurgeProtection)
        {
            throw KeyProblems.NotRecoverable();
        }

        Wrap(account, encryption, version!, cloud.Clock.GetUtcNow());
    }

    /// <summary>Once a day Storage looks for the latest version, and takes it if it may.</summary>
    public void Follow(StorageAccount account)
    {
        lock (account.Gate)
        {
            var now = cloud.Clock.GetUtcNow();
            if (account is not { Encryption: { FollowsVersions: true } encryption, Bound: { } bound }
                || now < bound.NextLook)
            {
                return;
            }

            var look = bound.NextLook + (LookInterval * Math.Floor((now - bound.NextLook) / LookInterval));
            var latest = Newest(encryption, look);
            if (latest is not null && !ReferenceEquals(latest, bound.Version)
                && Look(encryption, latest.Id, out _) is null)
            {
                Wrap(account, encryption, latest, look);
            }
            else
            {
                account.Bound = bound with { NextLook = look + LookInterval };
            }
        }
    }

    /// <returns>What is wrong with the key, as Blob words it; null when all is well.</returns>
    private AzureProblem? Look(AccountEncryption encryption, string version, out VaultKeyVersion? found)
    {
        found = null;
        var isFederated = encryption.FederatedClientId is not null;
        var identity = cloud.Directory.FindIdentity(encryption.Identity);
        var app = isFederated ? cloud.Directory.FindApp(encryption.FederatedClientId!) : identity;
        if (identity is null || app is null)
        {
            return KeyProblems.NoToken(isFederated);
        }

        if (cloud.Vaults.FindLive(VaultName(encryption)) is not { } vault)
        {
            return KeyProblems.VaultNotFound();
        }

        var identityOid = cloud.Directory.ObjectIdOf(identity.HomeTenant, identity.ClientId);
        var verified = !isFederated
            || app.Federated.Any(one =>
                one.Subject == identityOid && one.Issuer == Entra.TokenMint.V2Issuer(identity.HomeTenant));
        var sameTenant = isFederated
            || string.Equals(identity.HomeTenant, vault.Tenant, StringComparison.OrdinalIgnoreCase);
        if (!verified || !sameTenant || cloud.Directory.ObjectIdOf(vault.Tenant, app.ClientId) is not { } oid)
        {
            return KeyProblems.NoToken(isFederated);
        }

        cloud.Log.AddInner(FaultRule.KeyVaultViaStorage, "UnwrapKey", oid);
        var shut = (vault.Settings.DeniesByDefault || !vault.Settings.PublicAccess) && !vault.Settings.BypassesTrusted;
        if (shut || !MayUse(vault, new AzurePrincipal(vault.Tenant, app.ClientId, oid), encryption.KeyName))
        {
            return KeyProblems.NotPermitted();
        }

        found = vault.Find(encryption.KeyName, version);
        return found is { Enabled: true, Material: RSA } && found.Operations.Contains("wrapKey")
            && found.Operations.Contains("unwrapKey") ? null
            : found is { Material: not RSA } ? KeyProblems.WrongType() : KeyProblems.KeyNotFound();
    }

    /// <summary>What keeps the account's root key wrapped; null when it opens.</summary>
    private AzureProblem? Closed(StorageAccount account)
    {
        if (account is not { Encryption: { } encryption, Bound: { } bound })
        {
            return null;
        }

        DemandReachable(account);
        return Look(encryption, bound.Version.Id, out var version)
            ?? (bound.Opens() && ReferenceEquals(version, bound.Version) ? null : KeyProblems.KeyNotFound());
    }

    /// <summary>A root key that can't be unwrapped can't be wrapped anew either:
    /// nobody rescues data from a key that is gone.</summary>
    private void DemandLeavable(StorageAccount account)
    {
        if (Closed(account) is { } problem)
        {
            throw KeyProblems.ForArm(problem);
        }
    }

    private bool MayUse(KeyVault vault, AzurePrincipal principal, string key) =>
        new[]
        {
            VaultAction.Get,
            VaultAction.WrapKey,
            VaultAction.UnwrapKey,
        }.All(action => cloud.VaultGate.May(vault, principal, action, vault.IdOf(key)));

    private void DemandReachable(StorageAccount account)
    {
        var effect = cloud.Faults.Match(
            new FaultSubject(FaultRule.KeyVaultViaStorage, "UnwrapKey") { Account = account.Name }).Effect;
        switch (effect)
        {
            case FaultEffect.Answer answer:
                throw new AzureProblem(answer.Status, answer.Code, answer.Message);
            case FaultEffect.Deny:
                throw KeyProblems.NotPermitted();
            case not null:
                throw KeyProblems.Unreachable();
        }

        if (cloud.Switches.IsUnreachable("keyvault"))
        {
            throw KeyProblems.Unreachable();
        }
    }

    private VaultKeyVersion? Newest(AccountEncryption encryption, DateTimeOffset before)
    {
        if (cloud.Vaults.FindLive(VaultName(encryption)) is not { } vault)
        {
            return null;
        }

        lock (vault.Gate)
        {
            return vault.Keys.GetValueOrDefault(encryption.KeyName)
                ?.Versions.LastOrDefault(version => version.Created <= before);
        }
    }

    private static void Wrap(
        StorageAccount account, AccountEncryption encryption, VaultKeyVersion version, DateTimeOffset now)
    {
        account.Encryption = encryption;
        account.Bound = BoundKey.Wrap(version, account.RootKey, now) with { NextLook = now + LookInterval };
    }

    private static string VaultName(AccountEncryption encryption) =>
        Uri.TryCreate(encryption.VaultUri, UriKind.Absolute, out var uri)
            && uri.Host.EndsWith(AzureAddress.VaultSuffix, StringComparison.Ordinal)
                ? uri.Host[..^AzureAddress.VaultSuffix.Length] : "";
}
