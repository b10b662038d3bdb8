namespace Cloud.Azure.Stores;

/// <summary>The key that an account is under, in the account's own words. Pure.</summary>
/// <param name="Version">Empty: the account follows the key's rotations.</param>
internal sealed record AccountKey(string Vault, string Name, string Version)
{
    /// <summary>The key's URL, as <see cref="Cloud.Keys.KeyRef.Id"/> has it.</summary>
    public string Id => Version.Length == 0 ? $"{Vault}/keys/{Name}" : $"{Vault}/keys/{Name}/{Version}";

    public static AccountKey Parse(string id) => Find(id) ?? throw new CloudException(
        new CloudProblem.Refused("KeyIdInvalid",
            $"'{id}' is not the URL of a key in a vault: write https://VAULT.vault.azure.net/keys/NAME"),
                "arm:Address");

    /// <summary>Null for what is none; a store whose key object is gone has an empty one,
    /// and is looked at and closed all the same.</summary>
    public static AccountKey? Find(string id)
    {
        if (Uri.TryCreate(id, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
        {
            switch (uri.AbsolutePath.Trim('/').Split('/'))
            {
                case ["keys", { Length: > 0 } name]:
                    return new(uri.GetLeftPart(UriPartial.Authority), name, "");
                case ["keys", { Length: > 0 } name, var version]:
                    return new(uri.GetLeftPart(UriPartial.Authority), name, version);
            }
        }

        return null;
    }

    /// <summary>A vault's address is the same in any case and with a slash behind it;
    /// a key's name is the same in any case.</summary>
    public bool Is(AccountKey? other) => other is not null
        && string.Equals(Vault.TrimEnd('/'), other.Vault.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
        && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);
}
