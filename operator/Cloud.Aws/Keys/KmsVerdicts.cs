using Cloud.Calling;

namespace Cloud.Aws.Keys;

/// <summary>
/// Every refusal of KMS that we know, and whose it is. Most of it stands in the words of the message alone: those that
/// AWS documents, or that were seen. An external key store is disconnected by its owner's DisconnectCustomKeyStore
/// only; a proxy that fails leaves it connected. So a key that is unavailable for that is the owner's will,
/// and a proxy that does not answer is nobody's.
/// </summary>
internal static class KmsVerdicts
{
    /// <summary>What DescribeKey says of a key's state, where the words of a refusal are not known.</summary>
    public const string StateOf = "kms:DescribeKey";

    /// <summary>What is refused by a policy; where the key is the platform's own, so is its policy.</summary>
    public const string AccessDenied = "AccessDenied";

    public const string OwnCredentials = "OwnCredentials";

    private const string Kms = "kms";
    private const string Denied = "AccessDeniedException";
    private const string State = "KMSInvalidStateException";
    private const string Unusable = $"{State} DisabledException";
    private const string XksSilent = "ExternalKeyStoreUnreachable";
    private const string XksUnusable = "ExternalKeyUnusable";
    private const string XksCiphertext = "ExternalCiphertextRefused";

    private const string SignIn =
        "ExpiredTokenException UnrecognizedClientException InvalidClientTokenId InvalidSignatureException"
            + " IncompleteSignature OptInRequired RequestExpired MissingAuthenticationTokenException";

    private const string Passing = "KMSInternalException DependencyTimeoutException KeyUnavailableException";

    private const string Observed = "observed";
    private const string Guide = "https://docs.aws.amazon.com/kms/latest/developerguide/";
    private const string States = Guide + "key-state.html";
    private const string Xks = Guide + "xks-troubleshooting.html";
    private const string XksRate = Guide + "monitoring-cloudwatch.html";
    private const string Throttling = Guide + "throttling.html";
    private const string Use = "https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html";
    private const string Errors = "https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html";
    private const string Iam = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html";
    private const string Describe = "https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html";

    public static readonly RefusalTable Table = new(
    [
        // Policies of the caller's own side.
        Own("with an explicit deny in an identity-based policy"),
        Own("with an explicit deny in a permissions boundary"),
        Own("with an explicit deny in a session policy"),
        Own("with an explicit deny in a service control policy"),
        Own("with an explicit deny in a VPC endpoint policy"),
        Own("because no identity-based policy allows"),
        Own("because no permissions boundary allows"),
        Own("because no session policy allows"),
        Own("because no service control policy allows"),
        Own("because no VPC endpoint policy allows"),

        // Policies of the key's side.
        TheirPolicy("with an explicit deny in a resource-based policy"),
        TheirPolicy("with an explicit deny in a resource control policy"),
        TheirPolicy("because no resource-based policy allows"),
        TheirPolicy("because no resource control policy allows"),
        TheirPolicy("no resource-based policies allow access, or a resource-based policy explicitly denies", Observed),

        // Neither side, or words that are not known.
        new(Kms, Denied, "The ciphertext refers to a customer master key", Refuser.Unsaid, AccessDenied, Observed),
        new(Kms, Denied, null, Refuser.Unsaid, AccessDenied, Iam),
        new(Kms, "<Forbidden>", null, Refuser.Unsaid, AccessDenied, Errors),

        // The external key store: what passes.
        Silent("very high request rate", XksRate),
        Silent("external key store proxy did not respond in time"),
        Silent("did not respond to the request in the time allotted"),
        Silent("cannot communicate with the external key store proxy"),
        Silent("cannot establish a TLS connection to the external key store proxy"),
        Silent("rejected the request because of an invalid URI path"),
        Silent("rejected the request because it could not authenticate"),
        Silent("external key store proxy is in an unhealthy state"),
        Silent("cannot interpret the response from the external key store proxy"),
        Silent("does not support the requested cryptographic operation"),
        Garbled("specified ciphertext or additional authenticated data is corrupted"),
        Garbled("ciphertext that the external key store proxy submitted for decryption"),

        // The external key store: what its owner asked for.
        External("could not find the external key"),
        External("external key is not enabled in the external key manager"),
        External("external key does not support the requested operation"),
        External("external key store proxy denied access to the operation"),

        // The key's own state.
        new(Kms, Unusable, "is pending deletion", Refuser.Tenant, "KeyPendingDeletion", States),
        new(Kms, Unusable, "is pending replica deletion", Refuser.Tenant, "KeyPendingDeletion", States),
        new(Kms, State, "is pending import", Refuser.Tenant, "KeyPendingImport", States),
        new(Kms, State, "is unavailable", Refuser.Tenant, "KeyUnavailable", States),
        new(Kms, State, "is disabled", Refuser.Tenant, "KeyDisabled", States),
        new(Kms, "DisabledException", null, Refuser.Tenant, "KeyDisabled", Use),
        new(StateOf, "Disabled", null, Refuser.Tenant, "KeyDisabled", Describe),
        new(StateOf, "PendingDeletion PendingReplicaDeletion", null, Refuser.Tenant, "KeyPendingDeletion", Describe),
        new(StateOf, "PendingImport", null, Refuser.Tenant, "KeyPendingImport", Describe),
        new(StateOf, "Unavailable", null, Refuser.Tenant, "KeyUnavailable", Describe),
        new(Kms, State, null, Refuser.Nobody, "KeyStateUnclear", Use),

        // Which key it is.
        new(Kms, "InvalidCiphertextException IncorrectKeyException", null, Refuser.Tenant, "KeyReplaced", Use),
        new(Kms, "InvalidKeyUsageException", null, Refuser.Tenant, "KeyNotSuitable", Use),
        new(Kms, "NotFoundException", "Invalid arn", Refuser.Platform, "WrongEndpoint", Observed),
        new(Kms, "NotFoundException", null, Refuser.Tenant, "KeyNotFound", Use),

        // Nobody could be asked.
        new(Kms, SignIn, null, Refuser.Platform, OwnCredentials, Errors),
        new(Kms, "<OwnCredentials>", null, Refuser.Platform, OwnCredentials, Errors),
        new(Kms, "ThrottlingException", null, Refuser.Nobody, "Throttled", Throttling),
        new(Kms, "<Throttled>", null, Refuser.Nobody, "Throttled", Throttling),
        new(Kms, Passing, null, Refuser.Nobody, "Unreachable", Use),
        new(Kms, "<Unreachable>", null, Refuser.Nobody, "Unreachable", Errors),
        new(Kms, "<Refused>", null, Refuser.Nobody, "Refused", Errors),
    ]);

    private static RefusalRow Own(string part) => new(Kms, Denied, part, Refuser.Platform, OwnCredentials, Iam);

    private static RefusalRow TheirPolicy(string part, string source = Iam) =>
        new(Kms, Denied, part, Refuser.Tenant, AccessDenied, source);

    private static RefusalRow Silent(string part, string source = Xks) =>
        new(Kms, State, part, Refuser.Nobody, XksSilent, source);

    private static RefusalRow Garbled(string part) => new(Kms, State, part, Refuser.Nobody, XksCiphertext, Xks);

    private static RefusalRow External(string part) => new(Kms, State, part, Refuser.Tenant, XksUnusable, Xks);
}
