namespace LocalCloud.Azure.Storage;

/// <summary>Which key of whose vault an account is to be encrypted with, and as whom Storage asks for it.</summary>
internal sealed record AccountEncryption(string VaultUri, string KeyName, string KeyVersion, string Identity)
{
    /// <summary>The application that stands for the identity in the vault's tenant.</summary>
    public string? FederatedClientId { get; init; }

    /// <summary>Storage looks for new versions itself.</summary>
    public bool FollowsVersions => KeyVersion.Length == 0;
}
