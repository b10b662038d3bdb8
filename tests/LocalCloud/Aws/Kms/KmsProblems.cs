using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.Kms;

/// <summary>KMS's errors, with the words that AWS uses. All are HTTP 400 except internal ones.</summary>
internal static class KmsProblems
{
    public static AwsProblem NotFound(string message) => Of("NotFoundException", message);

    public static AwsProblem Disabled(KmsKey key) => Of("DisabledException", $"{key.Arn} is disabled.");

    public static AwsProblem InvalidState(KmsKey key) =>
        Of("KMSInvalidStateException", $"{key.Arn} is {Words(key.State)}.");

    public static AwsProblem Validation(string message) => Of("ValidationException", message);

    public static AwsProblem InvalidCiphertext() => Of("InvalidCiphertextException", "");

    public static AwsProblem IncorrectMaterial() => Of(
        "IncorrectKeyMaterialException",
        "The key material in the request is expired, invalid, or not the key material that was imported before.");

    public static AwsProblem WrongOrigin(KmsKey key) =>
        Of("UnsupportedOperationException", $"{key.Arn} origin is {key.Origin} which is not valid for this operation.");

    public static AwsProblem DryRun() =>
        Of("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");

    public static AwsProblem InvalidUsage(KmsKey key, string operation) =>
        Of("InvalidKeyUsageException", $"{key.Arn} key usage is {key.Usage} which is not valid for {operation}.");

    /// <summary>Across accounts KMS says no more than that it is the key's side;
    /// of Decrypt without a key it names none.</summary>
    public static AwsProblem Denied(KmsUse use, KmsKey key, bool explicitly) => Of(
        "AccessDeniedException",
        $"User: {use.Caller.Arn} is not authorized to perform: {use.Action} "
        + (use.Caller.Account != key.Account
            ? $"{(use.NamesKey ? "on this resource" : "on the resource associated with this ciphertext")} because the "
                + "resource does not exist in this Region, no resource-based policies allow access, or a "
                + "resource-based policy explicitly denies access"
            : $"on resource: {key.Arn} "
                + $"{(explicitly ? "with an explicit deny in a resource-based policy" : $"because no resource-based policy allows the {use.Action} action")}"));

    /// <summary>By a policy of the caller's own side.</summary>
    public static AwsProblem DeniedByOwn(Principal caller, string action, string resource, string why) =>
        Of("AccessDeniedException",
            $"User: {caller.Arn} is not authorized to perform: {action} on resource: {resource} {why}");

    /// <summary>The words of an external key store, whatever ails it.</summary>
    public static AwsProblem External(string words) => Of("KMSInvalidStateException", words);

    /// <summary>What Decrypt says when the blob's key isn't in this region:
    /// it doesn't tell which of the three it was.</summary>
    public static AwsProblem UnknownCiphertextKey() => Of(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you "
            + "are not allowed to access.");

    public static AwsProblem Of(string code, string message) => new(400, code, message);

    private static string Words(KmsKeyState state) => state switch
    {
        KmsKeyState.PendingDeletion => "pending deletion",
        KmsKeyState.PendingImport => "pending import",
        KmsKeyState.Disabled => "disabled",
        KmsKeyState.PendingReplicaDeletion => "pending replica deletion",
        KmsKeyState.Creating => "creating",
        KmsKeyState.Updating => "updating",
        KmsKeyState.Unavailable => "unavailable",
        _ => state.ToString(),
    };
}
