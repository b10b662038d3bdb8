using System.Net;
using System.Text.RegularExpressions;

namespace Cloud.Azure.Calling;

/// <summary>
/// Where a token of each audience may go: hosts of the configured cloud alone, over TLS. Names of vaults and accounts
/// come from specs and records, addresses of long operations from answers: none of them decides who gets a token.
/// </summary>
internal static partial class AzureHosts
{
    public static bool Allows(AzureEnvironment environment, AzureAudience audience, Uri address) =>
        IsPlain(address) && audience switch
    {
        // Long operations may be followed at a region's own name before it.
        AzureAudience.ResourceManager => Same(address.Host, environment.ResourceManager.Host)
            || IsUnder(address.Host, environment.ResourceManager.Host),
        AzureAudience.Vault => IsUnder(address.Host, environment.VaultSuffix),
        _ => IsUnder(address.Host, $"blob.{environment.StorageSuffix}"),
    };

    /// <summary>
    /// Where sign-ins may go: they carry an assertion or a secret. A managed identity's own endpoint, which is asked
    /// without either, is on this machine or on its link
    /// (https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token).
    /// </summary>
    public static bool AllowsSignIn(AzureEnvironment environment, Uri address) =>
        IsPlain(address)
            && environment.SignInHosts.Append(environment.Authority.Host).Any(host => Same(host, address.Host))
        || address.IsLoopback
        || IPAddress.TryParse(address.Host, out var ip) && ip.GetAddressBytes() is [169, 254, _, _];

    /// <summary>Whether a blob's own content is asked for, which is as long as it is;
    /// everything else is a document.</summary>
    public static bool IsContent(AzureEnvironment environment, HttpRequestMessage request) =>
        request is { Method.Method: "GET", RequestUri: { } address }
            && Allows(environment, AzureAudience.Storage, address)
            && !address.Query.Contains("comp=", StringComparison.Ordinal);

    private static bool IsPlain(Uri address) =>
        address is { IsAbsoluteUri: true, Scheme: "https", IsDefaultPort: true, UserInfo: "" };

    /// <summary>One label before the suffix: a vault's or an account's name.</summary>
    private static bool IsUnder(string host, string suffix) =>
        host.EndsWith($".{suffix}", StringComparison.OrdinalIgnoreCase)
        && Label().IsMatch(host[..^(suffix.Length + 1)]);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[a-z0-9-]{1,63}\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Label();
}

/// <summary>Which service a call's token is for.</summary>
internal enum AzureAudience
{
    ResourceManager,

    Vault,

    Storage,

    /// <summary>No token: the address carries a signature.</summary>
    None,
}
