using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>What Azure refuses an account with, and what somebody has to do about it.
/// The kind of problem stays Azure's own.</summary>
internal static class AccountRefusals
{
    public const string Patch = "arm:PatchStorageAccount";

    public static CloudException NotOurs(StoreSpec spec, string operation) => new(
        new CloudProblem.Conflict("NotOurs", $"the account of {spec.Store.Name} is not this store's and is left alone"),
        operation);

    public static CloudException Explain(CloudException refused, StoreSpec spec)
    {
        var place = AccountPlace.Of(spec.Store);
        var mend = refused.Problem.Code switch
        {
            "StorageAccountAlreadyTaken" or "StorageAccountAlreadyExists" =>
                $"the name {place.Account} is taken in Azure: choose another spec.azure.accountName, or leave it out",
            "AccountNameInvalid" =>
                $"{place.Account} is not the name of a storage account: write 3 to 24 lower-case letters and digits "
                    + "in spec.azure.accountName, or leave it out",
            "LocationNotAvailableForResourceType" =>
                $"there is no storage in '{spec.Store.Region}': write another spec.azure.location",
            "RequestDisallowedByAzure" =>
                $"the subscription may not use {spec.Store.Region}: name another location, or have Azure lift the "
                    + "limit",
            "RequestDisallowedByPolicy" =>
                $"an Azure Policy of the subscription denies the account: exempt resource group {place.Group}, or "
                    + "make the policy allow it; it is tried again",
            "ScopeLocked" =>
                $"a lock on {place.Account} or above it forbids the change: take the lock away (az lock list, az lock "
                    + "delete); it is tried again",
            "ResourceGroupNotFound" =>
                $"there is no resource group {place.Group}: make it, or write another spec.azure.resourceGroup",
            "SubscriptionNotFound" =>
                $"there is no subscription {place.Subscription}, or we may not see it: correct "
                    + "spec.azure.subscriptionId",
            "KeyVaultPolicyError" =>
                "the key's vault lacks soft delete or purge protection: switch both on (az keyvault update "
                    + "--enable-purge-protection)",
            "KeyVaultAuthenticationFailure" =>
                "the identity may not use the key: give it the role Key Vault Crypto Service Encryption User on the "
                    + "key; a new role takes minutes to count, and it is tried again",
            "KeyVaultVaultNotFound" => "the key's vault is not there: correct spec.azureKeyVault.vaultUri of the key",
            "KeyVaultEncryptionKeyNotFound" =>
                "the key or its version is not there: correct spec.azureKeyVault of the key",
            "GatewayAuthenticationFailed" =>
                "the application is not installed in the tenant's directory: have the tenant run az ad sp create --id "
                    + "CLIENT_ID",
            "LinkedAuthorizationFailed" or "FailedIdentityOperation" =>
                "the operator may not give its identity to an account: assign it the role Managed Identity Operator "
                    + "on that identity, and check BYOK_AZURE_IDENTITY_RESOURCE_ID",
            "InvalidValuesForRequestParameters" =>
                $"Azure takes no such key or value (a key is to be RSA of 2048, 3072 or 4096 bits): "
                    + $"{refused.Problem.Message}",
            _ => null,
        };
        return mend is null ? refused
            : new CloudException(With(refused.Problem, mend), refused.Operation, refused.RequestId, refused);
    }

    public static CloudProblem With(CloudProblem problem, string message) => problem switch
    {
        CloudProblem.Conflict => new CloudProblem.Conflict(problem.Code, message),
        CloudProblem.Forbidden forbidden => new CloudProblem.Forbidden(problem.Code, message, forbidden.Action),
        CloudProblem.NotFound => new CloudProblem.NotFound(problem.Code, message),
        CloudProblem.KeyUnusable => new CloudProblem.KeyUnusable(problem.Code, message),
        CloudProblem.OwnCredentials => new CloudProblem.OwnCredentials(problem.Code, message),
        CloudProblem.Refused => new CloudProblem.Refused(problem.Code, message),
        _ => problem,
    };
}
