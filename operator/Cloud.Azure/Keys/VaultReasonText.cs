namespace Cloud.Azure.Keys;

/// <summary>What a reason means and who mends it, in a condition's words.</summary>
internal static class VaultReasonText
{
    public static string Of(string reason, string code) => reason switch
    {
        "AccessDenied"
            when code == VaultVerdicts.ByPolicy =>
                $"the vault refuses the operator: it goes by access policies, and they do not give it all of "
                    + $"{string.Join(", ", KeyAccess.Permissions)} on keys",
        "AccessDenied" =>
            "the vault refuses the operator: the role Key Vault Crypto Service Encryption User on the key is missing",
        "KeyReplaced" =>
            "the key answers, but it did not make the stored canary: it was replaced by another under the same name",
        "KeyDisabled" => "the key is disabled",
        "KeyExpired" => "the key has expired: give it a later expiry, or rotate it",
        "KeyNotYetValid" => "the key's activation date has not come yet",
        "KeyOperationForbidden" =>
            "the key does not permit wrapKey and unwrapKey: add both to its permitted operations",
        "KeyNotFound" => "the vault has no such key, or no such version of it: it was deleted, or is misspelt",
        "DirectoryNotFound" => "Microsoft Entra does not know the directory that spec.azureKeyVault.tenantId names",
        "ApplicationNotInstalled" =>
            "the platform's application is not installed in the tenant's directory: the published policy says how (az "
                + "ad sp create)",
        "VaultNetworkClosed" =>
            "the vault's network does not let the operator in, so the key could not be asked: allow the operator's "
                + "addresses, or a private link",
        "WrongDirectory" =>
            "the vault does not take tokens of this directory: set spec.azureKeyVault.tenantId to the directory that "
                + "the vault belongs to",
        "OwnCredentials" => $"the operator's own identity or rights are refused, which the platform mends: {code}",
        "DenialUnattributed" => $"access is denied without a word of whose refusal it is: {code}",
        "Throttled" => "the vault is throttling; the key could not be asked",
        "VaultNameUnknown" => "no vault answers under this name: it is misspelt, in another cloud, or deleted",
        "EntraUnreachable" => "Microsoft Entra could not be reached, so the key could not be asked",
        "Refused" => $"the request was refused: {code}",
        _ => $"the vault gave no usable answer: {code}",
    };
}
