using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Cloud.Azure.Keys;

/// <summary>A key's address, <c>https://vault/keys/name[/version]</c>, taken apart.</summary>
/// <param name="Vault">The vault's own address, with a slash at its end.</param>
/// <param name="Version">Null where the newest is meant.</param>
public sealed partial record VaultKeyId(Uri Vault, string Name, string? Version)
{
    /// <summary>Without a version: whose key it is stays the same through rotations.</summary>
    public string Identity => $"{Vault}keys/{Name}";

    public string VaultName => Vault.Host[..Vault.Host.IndexOf('.', StringComparison.Ordinal)];

    public static bool TryParse(string text, [NotNullWhen(true)] out VaultKeyId? id)
    {
        id = Shape().Match(text) is { Success: true } match
            ? new(new Uri(match.Groups["vault"].Value + "/"), match.Groups["name"].Value,
                match.Groups["version"] is { Success: true } version ? version.Value : null)
            : null;
        return id is not null;
    }

    public static VaultKeyId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new CloudException(
            new CloudProblem.Refused("InvalidKeyUrl",
                "not the address of a key: write https://VAULT.vault.azure.net/keys/NAME"), "vault:GetKey");

    public VaultKeyId At(string? version) => this with { Version = version };

    public override string ToString() => Version is null ? Identity : $"{Identity}/{Version}";

    [GeneratedRegex(
        @"^(?<vault>https://[a-z0-9-]+(?:\.[a-z0-9-]+)+)/keys/(?<name>[A-Za-z0-9-]{1,127})(?:/(?<version>[A-Za-z0-9]{1,64}))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
