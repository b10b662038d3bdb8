namespace LocalCloud.Azure.Vault;

/// <summary>Key permissions of one principal, in vaults that don't leave permission to roles.</summary>
internal sealed record AccessPolicy(string Tenant, string ObjectId, IReadOnlyList<string> Keys)
{
    public bool Allows(string permission) =>
        Keys.Any(one =>
            string.Equals(one, permission, StringComparison.OrdinalIgnoreCase)
                || string.Equals(one, "all", StringComparison.OrdinalIgnoreCase));
}
