namespace LocalCloud.Azure.Storage;

/// <summary>What Storage says when it can't have a tenant's key: Blob's words, and ARM's for the same.</summary>
internal static class KeyProblems
{
    public static AzureProblem KeyNotFound() =>
        new(403, "KeyVaultEncryptionKeyNotFound", "The key vault key is not found to unwrap the encryption key.");

    /// <summary>A missing role and a closed network look like a missing key from Storage.</summary>
    public static AzureProblem NotPermitted() =>
        new(403, "KeyVaultEncryptionKeyNotFound",
            "The key vault key is not found to unwrap the encryption key.") { Inner = "NotPermitted" };

    public static AzureProblem WrongType() =>
        new(403, "KeyVaultEncryptionKeyNotFound",
            "The key vault key is not of a type that can wrap.") { Inner = "WrongType" };

    public static AzureProblem VaultNotFound() =>
        new(403, "KeyVaultVaultNotFound", "The key vault is not found to unwrap the encryption key.");

    /// <summary>Across tenants, whatever keeps Entra from giving the token (application, its installation, credential
    /// or identity gone) comes out as an error of the server's.</summary>
    public static AzureProblem NoToken(bool isFederated) => isFederated
        ? new AzureProblem(500, "InternalError", "The server encountered an internal error. Please retry the request.")
        : new AzureProblem(403, "KeyVaultAccessTokenCannotBeAcquired",
            "The access token cannot be acquired for the key vault.");

    public static AzureProblem Unreachable() =>
        new(503, "ServerBusy", "The server is currently unable to receive requests. Please retry your request.");

    public static AzureProblem NotRecoverable() =>
        new(400, "KeyVaultPolicyError", "Keyvault policy recoverable is not set");

    public static AzureProblem ForArm(AzureProblem problem) => (problem.Inner ?? problem.Code) switch
    {
        "NotPermitted" or "KeyVaultAccessTokenCannotBeAcquired" =>
            new AzureProblem(403, "KeyVaultAuthenticationFailure",
                "The operation failed because of authentication issue on the keyvault."),
        "KeyVaultVaultNotFound" => new AzureProblem(400, "KeyVaultVaultNotFound", "The key vault is not found."),
        "WrongType" =>
            new AzureProblem(400, "InvalidValuesForRequestParameters",
                "Values for request parameters are invalid: keyvaultproperties.keyname. The key must be an RSA key of "
                    + "2048, 3072 or 4096 bits that can wrap and unwrap."),
        "InternalError" =>
            new AzureProblem(403, "GatewayAuthenticationFailed",
                "Gateway authentication failed for 'Microsoft.Storage'."),
        "ServerBusy" => new AzureProblem(503, "ServerBusy", problem.Message),
        _ => new AzureProblem(400, "KeyVaultEncryptionKeyNotFound", "The key vault key is not found."),
    };
}
