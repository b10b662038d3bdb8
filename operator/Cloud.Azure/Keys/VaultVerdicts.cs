using Cloud.Calling;

namespace Cloud.Azure.Keys;

/// <summary>
/// Every refusal on the way to a tenant's key in a vault that we know, and whose it is. The vault's inner code says it
/// nearly always. A control vault would tell nothing of the other cases: into a tenant's directory we go as an
/// application of that directory, which no vault of our own knows. So a denial that names no side is unknown.
/// </summary>
internal static class VaultVerdicts
{
    /// <summary>What is refused by the vault's roles or policies; where the vault is the platform's own,
    /// so are they.</summary>
    public const string AccessDenied = "AccessDenied";

    /// <summary>The inner codes of that: by them a vault tells which of the two it goes by.</summary>
    public const string ByRole = "ForbiddenByRbac";

    public const string ByPolicy = "ForbiddenByPolicy";

    public const string OwnCredentials = "OwnCredentials";

    /// <summary>A denial that names no side.</summary>
    public const string Unattributed = "DenialUnattributed";

    private const string Vault = "vault";
    private const string Entra = "entra";
    private const string Arm = "arm";
    private const string NotInstalled = "ApplicationNotInstalled";
    private const string Network = "VaultNetworkClosed";

    private const string VaultErrors = "https://learn.microsoft.com/azure/key-vault/general/rest-error-codes";
    private const string VaultKeys = "https://learn.microsoft.com/azure/key-vault/keys/about-keys-details";
    private const string VaultLimits = "https://learn.microsoft.com/azure/key-vault/general/overview-throttling";
    private const string EntraErrors = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
    private const string ArmErrors =
        "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors";

    public static readonly RefusalTable Table = new(
    [
        // The key's own state, and which key it is.
        new(Vault, "KeyDisabled", null, Refuser.Tenant, "KeyDisabled", VaultKeys),
        new(Vault, "KeyExpired", null, Refuser.Tenant, "KeyExpired", VaultKeys),
        new(Vault, "KeyNotYetValid", null, Refuser.Tenant, "KeyNotYetValid", VaultKeys),
        new(Vault, "KeyOperationForbidden", null, Refuser.Tenant, "KeyOperationForbidden", VaultKeys),
        new(Vault, "KeyNotFound", null, Refuser.Tenant, "KeyNotFound", VaultErrors),
        new(Vault, "<WrongKey>", null, Refuser.Tenant, "KeyReplaced", VaultErrors),

        // Roles and policies of the tenant's vault, and its network.
        new(Vault, ByRole, null, Refuser.Tenant, AccessDenied, VaultErrors),
        new(Vault, ByPolicy, null, Refuser.Tenant, AccessDenied, VaultErrors),
        new(Vault, "ForbiddenByFirewall", null, Refuser.Nobody, Network, VaultErrors),
        new(Vault, "ForbiddenByConnection", null, Refuser.Nobody, Network, VaultErrors),

        // The tenant's directory.
        new(Entra, "AADSTS90002", null, Refuser.Tenant, "DirectoryNotFound", EntraErrors),
        new(Entra, "AADSTS700016", null, Refuser.Tenant, NotInstalled, EntraErrors),
        new(Entra, "AADSTS7000229", null, Refuser.Tenant, NotInstalled, EntraErrors),
        new(Entra, "AADSTS500011", null, Refuser.Tenant, NotInstalled, EntraErrors),
        new(Entra, "AADSTS7000112", null, Refuser.Unsaid, Unattributed, EntraErrors),

        // Our own identity, rights and settings.
        new(Vault, "Unauthorized", null, Refuser.Platform, "WrongDirectory", VaultErrors),
        new(Entra, "AADSTS7000215 AADSTS7000222 AADSTS700024 AADSTS70021 AADSTS700213", null, Refuser.Platform,
            OwnCredentials, EntraErrors),
        new(Entra, "NoCredentials", null, Refuser.Platform, OwnCredentials, "observed"),
        new(Arm, "AuthorizationFailed", null, Refuser.Platform, OwnCredentials, ArmErrors),
        new(Arm, "LinkedAuthorizationFailed", null, Refuser.Platform, OwnCredentials, ArmErrors),
        new(Arm, "RequestDisallowedByPolicy", null, Refuser.Platform, OwnCredentials, ArmErrors),
        new(Entra, "<OwnCredentials>", null, Refuser.Platform, OwnCredentials, EntraErrors),

        // Neither side, or words that are not known.
        new(Vault, "<Forbidden>", null, Refuser.Unsaid, Unattributed, VaultErrors),

        // Nobody could be asked.
        new(Vault, "Throttled", null, Refuser.Nobody, "Throttled", VaultLimits),
        new(Vault, "<Throttled>", null, Refuser.Nobody, "Throttled", VaultLimits),
        new(Vault, "NameNotResolved", null, Refuser.Nobody, "VaultNameUnknown", "observed"),
        new(Entra, "EntraUnreachable", null, Refuser.Nobody, "EntraUnreachable", EntraErrors),
        new(Vault, "<Unreachable>", null, Refuser.Nobody, "Unreachable", VaultErrors),
        new(Vault, "<Refused>", null, Refuser.Nobody, "Refused", VaultErrors),
    ]);
}
