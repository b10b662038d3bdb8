namespace LocalCloud.Azure.Roles;

/// <summary>The built-in roles that keys and stores have to do with, under their real ids.</summary>
internal static class BuiltInRoles
{
    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";
    private const string Containers = "Microsoft.Storage/storageAccounts/blobServices/containers/";
    private const string Keys = "Microsoft.KeyVault/vaults/keys/";
    private const string Identities = "Microsoft.ManagedIdentity/userAssignedIdentities/";
    private const string DelegationKey =
        "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action";

    public static IReadOnlyList<RoleDefinition> All { get; } =
    [
        new("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ["*"], []),
        new("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", ["*"],
            []) { NotActions = ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"] },
        new("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ["*/read"], []),
        new("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator",
            ["*/read", "Microsoft.Authorization/*"], []),
        new("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator",
            ["*/read", "Microsoft.Authorization/roleAssignments/write",
                "Microsoft.Authorization/roleAssignments/delete"], []),
        new("17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor",
            ["Microsoft.Storage/storageAccounts/*", "Microsoft.Authorization/*/read",
                "Microsoft.Resources/subscriptions/resourceGroups/read"], []),
        // What is asked for when an identity is given to something has no name where the role's word has its star:
        // Azure takes it as meant, so it is here twice.
        new("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator",
            [Identities + "*/read", Identities + "*/assign/action", Identities + "assign/action"], []),
        new("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", [Containers + "*", DelegationKey],
            [Blobs + "*"]),
        new("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor",
            [Containers + "read", Containers + "write", Containers + "delete", DelegationKey],
            [Blobs + "read", Blobs + "write", Blobs + "add/action", Blobs + "delete", Blobs + "move/action"]),
        new("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", [Containers + "read", DelegationKey],
            [Blobs + "read"]),
        new("db58b8e5-c6ad-4a2a-8342-4190687cbf4a", "Storage Blob Delegator", [DelegationKey], []),
        new("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", ["Microsoft.KeyVault/*"], []),
        new("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", ["Microsoft.KeyVault/vaults/read"],
            ["Microsoft.KeyVault/vaults/*"]),
        new("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", ["Microsoft.KeyVault/vaults/*/read"],
            ["Microsoft.KeyVault/vaults/*/read"]),
        new("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", ["Microsoft.KeyVault/vaults/*/read"],
            [Keys + "*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*"]),
        new("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", [],
            [Keys + "read", Keys + "update/action", Keys + "backup/action", Keys + "encrypt/action",
                Keys + "decrypt/action", Keys + "wrap/action", Keys + "unwrap/action", Keys + "sign/action",
                Keys + "verify/action"]),
        new("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", [],
            [Keys + "read", Keys + "wrap/action", Keys + "unwrap/action"]),
    ];

    public static RoleDefinition? Find(string idOrName)
    {
        var id = idOrName[(idOrName.LastIndexOf('/') + 1)..];
        return All.FirstOrDefault(role =>
            string.Equals(role.Id, id, StringComparison.OrdinalIgnoreCase) || role.Name == idOrName);
    }
}
