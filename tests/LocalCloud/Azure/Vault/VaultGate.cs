using LocalCloud.Azure.Roles;

namespace LocalCloud.Azure.Vault;

/// <summary>Whether a principal may do a thing in a vault, by whichever model the vault goes.</summary>
internal sealed class VaultGate(RoleBook roles)
{
    public bool May(KeyVault vault, AzurePrincipal principal, VaultAction action, string resource) =>
        vault.Settings.UsesRoles
            ? roles.May(principal.ObjectId, action.DataAction, resource, isData: true)
            : vault.Settings.Policies.Any(policy =>
                policy.ObjectId == principal.ObjectId
                    && string.Equals(policy.Tenant, principal.Tenant, StringComparison.OrdinalIgnoreCase)
                    && policy.Allows(action.Permission));

    public void Demand(KeyVault vault, AzurePrincipal principal, VaultAction action, string resource)
    {
        if (!May(vault, principal, action, resource))
        {
            throw vault.Settings.UsesRoles ? VaultProblems.ByRole(principal, action, vault, resource)
                : VaultProblems.ByPolicy(principal, action, vault);
        }
    }
}
