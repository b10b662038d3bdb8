using Cloud.Keys;

namespace Cloud.Tests.Verdicts;

/// <summary>A refusal as a cloud words it, and what it has to mean: written down here a second time,
/// apart from the table.</summary>
/// <param name="Reason">Of the proof.</param>
internal sealed record Refusal(string Code, string Message, KeyVerdict Verdict, string Reason, int Status = 400);

/// <summary>One whole answer of KMS at least for every row of the table.</summary>
internal static class KmsRefusals
{
    public const string Us =
        "User: arn:aws:sts::111111111111:assumed-role/byok-operator/local is not authorized to perform: kms:Decrypt";
    private const string OnKey = Us
        + " on resource: arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab ";
    private const string Denied = "AccessDeniedException";
    private const string State = "KMSInvalidStateException";
    private const string Key = "arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    public static readonly IReadOnlyList<Refusal> All =
    [
        .. new[]
        {
            "identity-based policy",
            "permissions boundary",
            "session policy",
            "service control policy",
            "VPC endpoint policy",
        }
            .SelectMany(kind => new Refusal[]
            {
                Ours($"with an explicit deny in a{(kind[0] == 'i' ? "n" : "")} {kind}"),
                Ours($"because no {kind} allows the kms:Decrypt action"),
            }),
        Ours(
            "with an explicit deny in a service control policy: "
                + "arn:aws:organizations::333333333333:policy/o-1/service_control_policy/p-1"),
        Theirs(OnKey + "with an explicit deny in a resource-based policy"),
        Theirs(OnKey + "because no resource-based policy allows the kms:Decrypt action"),
        Theirs(OnKey + "with an explicit deny in a resource control policy"),
        Theirs(OnKey + "because no resource control policy allows the kms:Decrypt action"),
        Theirs(Us
            + " on the resource associated with this ciphertext because the resource does not exist in this Region, "
            + "no resource-based policies allow access, or a resource-based policy explicitly denies access"),
        Unsaid(
            "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or "
                + "you are not allowed to access."),
        Unsaid(Us),
        Unsaid(OnKey + "because no identity-based policy allows it and because no resource-based policy allows it"),
        Unsaid("", "NotAuthorized"),
        Unsaid("<html>a proxy's page</html>", "Forbidden", 403),

        Silent(
            "AWS KMS rejected the request because the external key store proxy rejected it due to a very high request "
                + "rate."),
        Silent(
            "AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the "
                + "request."),
        Silent("The external key store proxy did not respond to the request in the time allotted. Retry the request."),
        Silent(
            "AWS KMS cannot communicate with the external key store proxy. Verify that your external key store proxy "
                + "is active."),
        Silent(
            "AWS KMS cannot establish a TLS connection to the external key store proxy. Verify the TLS configuration, "
                + "including its certificate."),
        Silent(
            "The external key store proxy rejected the request because of an invalid URI path. Verify the URI path "
                + "for your external key store."),
        Silent(
            "The external key store proxy rejected the request because it could not authenticate AWS KMS. Verify the "
                + "credentials."),
        Silent(
            "The external key store proxy is in an unhealthy state. If you see this message repeatedly, notify your "
                + "administrator."),
        Silent(
            "AWS KMS cannot interpret the response from the external key store proxy. If you see this error "
                + "repeatedly, consult your administrator."),
        Silent(
            "The external key store proxy rejected the request because it does not support the requested "
                + "cryptographic operation."),
        new(State,
            "The external key store proxy rejected the request because the specified ciphertext or additional "
                + "authenticated data is corrupted, missing, or otherwise invalid.", KeyVerdict.Unknown,
                    "ExternalCiphertextRefused"),
        new(State,
            "The ciphertext that the external key store proxy submitted for decryption, or the encryption context, is "
                + "corrupted, missing, or otherwise invalid.", KeyVerdict.Unknown, "ExternalCiphertextRefused"),
        Unusable("The external key store proxy rejected the request because it could not find the external key."),
        Unusable(
            "The external key store proxy rejected the request because the external key is not enabled in the "
                + "external key manager."),
        Unusable(
            "The external key store proxy rejected the request because the external key does not support the "
                + "requested operation."),
        Unusable(
            "The external key store proxy denied access to the operation. Verify that the user and the external key "
                + "are both authorized for this operation."),

        new(State, $"{Key} is pending deletion.", KeyVerdict.Revoked, "KeyPendingDeletion"),
        new("DisabledException", $"{Key} is pending deletion.", KeyVerdict.Revoked, "KeyPendingDeletion"),
        new(State, $"{Key} is pending replica deletion.", KeyVerdict.Revoked, "KeyPendingDeletion"),
        new(State, $"{Key} is pending import.", KeyVerdict.Revoked, "KeyPendingImport"),
        new(State, $"{Key} is unavailable.", KeyVerdict.Revoked, "KeyUnavailable"),
        new(State, $"{Key} is disabled.", KeyVerdict.Revoked, "KeyDisabled"),
        new("DisabledException", $"{Key} is disabled.", KeyVerdict.Revoked, "KeyDisabled"),
        new("DisabledException", "", KeyVerdict.Revoked, "KeyDisabled"),
        new(State, $"{Key} is creating.", KeyVerdict.Unknown, "KeyStateUnclear"),
        new(State, "in words of some later year", KeyVerdict.Unknown, "KeyStateUnclear"),

        new("InvalidCiphertextException", "", KeyVerdict.Revoked, "KeyReplaced"),
        new("IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.", KeyVerdict.Revoked,
            "KeyReplaced"),
        new("InvalidKeyUsageException", $"{Key} key usage is SIGN_VERIFY which is not valid for Decrypt.",
            KeyVerdict.Revoked, "KeyNotSuitable"),
        new("NotFoundException", $"Key '{Key}' does not exist", KeyVerdict.Revoked, "KeyNotFound"),
        new("NotFoundException", "Invalid arn eu-central-1", KeyVerdict.Unknown, "WrongEndpoint"),
        new("NoSuchThing", "a server that is not KMS", KeyVerdict.Unknown, "Unreachable", 404),

        .. new[]
        {
            "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException",
            "IncompleteSignature",
            "OptInRequired", "RequestExpired", "MissingAuthenticationTokenException", "InvalidAccessKeyId",
        }.Select(code => new Refusal(code, "", KeyVerdict.Unknown, "OwnCredentials")),
        new("ThrottlingException",
            "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
            KeyVerdict.Unknown, "Throttled"),
        new("SlowDown", "", KeyVerdict.Unknown, "Throttled"),
        new("KMSInternalException",
            "AWS KMS rejected the request because the external key store proxy did not respond in time.",
            KeyVerdict.Unknown, "Unreachable", 500),
        new("DependencyTimeoutException", "", KeyVerdict.Unknown, "Unreachable", 500),
        new("KeyUnavailableException", "", KeyVerdict.Unknown, "Unreachable", 500),
        new("ServiceUnavailable", "", KeyVerdict.Unknown, "Unreachable", 503),
        new("ValidationException", "", KeyVerdict.Unknown, "Refused"),
    ];

    private static Refusal Ours(string how) => new(Denied, OnKey + how, KeyVerdict.Unknown, "OwnCredentials");

    private static Refusal Theirs(string message) => new(Denied, message, KeyVerdict.Revoked, "AccessDenied");

    private static Refusal Unsaid(string message, string code = Denied, int status = 400) =>
        new(code, message, KeyVerdict.Unknown, "DenialUnattributed", status);

    private static Refusal Silent(string message) =>
        new(State, message, KeyVerdict.Unknown, "ExternalKeyStoreUnreachable");

    private static Refusal Unusable(string message) => new(State, message, KeyVerdict.Revoked, "ExternalKeyUnusable");
}
