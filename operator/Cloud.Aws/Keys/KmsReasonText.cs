namespace Cloud.Aws.Keys;

/// <summary>What a reason means, in a condition's words.</summary>
internal static class KmsReasonText
{
    public static string Of(string reason) => reason switch
    {
        "AccessDenied" => "the key refuses the operator",
        "KeyDisabled" => "the key is disabled",
        "KeyPendingDeletion" => "the key is scheduled for deletion",
        "KeyPendingImport" => "the key has no material: it was deleted or has expired",
        "KeyUnavailable" => "the key's key store was disconnected by its owner",
        "KeyStateUnclear" => "the key is in a state that allows no use now, and nothing says that it was meant",
        "KeyReplaced" => "the key answers, but it did not make the stored canary: its material was replaced",
        "KeyNotSuitable" => "the key is not a symmetric key for encryption and decryption",
        "KeyNotFound" => "the key does not exist, or not in the account and region that its ARN names",
        "ExternalKeyUnusable" => "the tenant's external key store refuses the key: it is gone, switched off, or denied",
        "ExternalKeyStoreUnreachable" => "the tenant's external key store gave no usable answer",
        "ExternalCiphertextRefused" =>
            "the tenant's external key store found the ciphertext damaged, which the way to it can cause too",
        "WrongEndpoint" => "the endpoint that the operator is set to serves another region",
        "Throttled" => "the key management service is throttling; the key could not be asked",
        "Refused" => "the request was refused",
        _ => "the key management service gave no usable answer",
    };
}
