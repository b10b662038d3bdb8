using System.Globalization;

namespace LocalCloud.Azure.Vault;

/// <summary>Key Vault's refusals: status, code and inner code are the service's own.</summary>
internal static class VaultProblems
{
    public static AzureProblem Unauthorized(KeyVault vault, string message) => new(401, "Unauthorized", message)
    {
        Headers =
        [
            ("WWW-Authenticate",
                $"Bearer authorization=\"https://login.microsoftonline.com/{vault.Tenant}\", "
                    + "resource=\"https://vault.azure.net\""),
        ],
    };

    public static AzureProblem BadParameter(string message) => new(400, "BadParameter", message);

    public static AzureProblem Forbidden(string inner, string message) =>
        new(403, "Forbidden", message) { Inner = inner };

    public static AzureProblem ByRole(AzurePrincipal caller, VaultAction action, KeyVault vault, string resource) =>
        Forbidden("ForbiddenByRbac",
            $"Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or "
                + "role definitions were changed recently, please observe propagation time.\r\nCaller: "
                + $"{caller}\r\nAction: '{action.DataAction}'\r\nResource: '{resource}'\r\nAssignment: (not "
                + "found)\r\nDenyAssignmentId: null\r\nDecisionReason: null\r\nVault: "
                + $"{vault.Name};location={vault.Location}\r\n");

    public static AzureProblem ByPolicy(AzurePrincipal caller, VaultAction action, KeyVault vault) =>
        Forbidden("ForbiddenByPolicy",
            $"The user, group or application '{caller}' does not have keys {action.Permission} permission on key "
                + $"vault '{vault.Name};location={vault.Location}'.");

    public static AzureProblem ByFirewall(KeyVault vault) =>
        Forbidden("ForbiddenByFirewall",
            $"Client address is not authorized and caller is not a trusted service.\r\nVault: "
                + $"{vault.Name};location={vault.Location}");

    public static AzureProblem ByConnection(KeyVault vault) =>
        Forbidden("ForbiddenByConnection",
            $"Public network access is disabled and request is not from a trusted service nor via an approved private "
                + $"link.\r\nVault: {vault.Name};location={vault.Location}");

    public static AzureProblem KeyNotFound(string name) => new(404, "KeyNotFound",
        $"A key with (name/id) {name} was not found in this key vault. If you recently deleted this key you may be "
            + "able to recover it using the correct recovery command.");

    public static AzureProblem DeletedKeyNotFound(string name) =>
        new(404, "KeyNotFound", $"Deleted Key not found: {name}");

    public static AzureProblem Disabled(string operation) =>
        Forbidden("KeyDisabled", $"Operation {operation} is not allowed on a disabled key.");

    public static AzureProblem Expired(string operation) =>
        Forbidden("KeyExpired", $"Operation {operation} is not allowed on an expired key.");

    public static AzureProblem NotYetValid(string operation) =>
        Forbidden("KeyNotYetValid", $"Operation {operation} is not allowed on a key that is not yet valid.");

    public static AzureProblem NotPermitted(string operation) =>
        Forbidden("KeyOperationForbidden", $"Operation {operation} is not permitted on this key.");

    public static AzureProblem NameTaken(string name) => new(409, "Conflict",
        $"Key {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, "
            + "the key can only be recovered or purged.")
    { Inner = "ObjectIsDeletedButRecoverable" };

    public static AzureProblem PurgeForbidden() =>
        new(403, "Forbidden",
            "Operation \"purge\" is not allowed because purge protection is enabled for this vault. Key Vault service "
                + "will automatically purge it after the retention period has passed.");

    public static AzureProblem Throttled(int retryAfterSeconds) =>
        new(429, "Throttled",
            "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached")
        {
            Headers = [("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture))],
        };
}
