using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>
/// What a failed use of a key says of the key. Pure. Only the key management service's own word makes a key revoked; whatever
/// kept us from asking leaves it unknown.
/// </summary>
internal sealed record KeyJudgement(KeyVerdict Verdict, string Reason, string Message)
{
    /// <summary>
    /// An external key store reports everything as an invalid state, so the cause stands in the words only. These are the
    /// ones that mean "could not ask".
    /// </summary>
    private static readonly string[] ExternalSilence =
    [
        "timed out", "timeout", "did not respond", "not respond in time", "unreachable", "could not reach", "cannot reach",
        "cannot communicate", "could not communicate", "network", "throttl", "too many requests", "invalid response",
        "cannot interpret", "try again", "retry",
    ];

    public static KeyJudgement Of(CloudProblem problem) => problem switch
    {
        CloudProblem.KeyUnusable unusable => OfState(unusable),
        CloudProblem.WrongKey => new(KeyVerdict.Revoked, "KeyReplaced", "the key answers, but it did not make the stored canary: its material was replaced"),
        CloudProblem.NotFound => new(KeyVerdict.Revoked, "KeyNotFound", "the key does not exist, or not in the account and region that its ARN names"),
        CloudProblem.Forbidden => new(KeyVerdict.Revoked, "AccessDenied", "the key refuses the operator"),
        CloudProblem.Throttled => new(KeyVerdict.Unknown, "Throttled", "the key management service is throttling; the key could not be asked"),
        CloudProblem.OwnCredentials own => new(KeyVerdict.Unknown, "OwnCredentials", $"the operator's own credentials are refused: {own.Code}"),
        CloudProblem.Refused { Code: "InvalidKeyUsageException" } =>
            new(KeyVerdict.Revoked, "KeyNotSuitable", "the key is not a symmetric key for encryption and decryption"),
        CloudProblem.Refused refused => new(KeyVerdict.Unknown, "Refused", $"the request was refused: {refused.Code}"),
        _ => new(KeyVerdict.Unknown, "Unreachable", $"the key management service gave no usable answer: {problem.Code}"),
    };

    private static KeyJudgement OfState(CloudProblem.KeyUnusable problem)
    {
        if (IsExternal(problem.Message))
        {
            return ExternalSilence.Any(word => Says(problem.Message, word))
                ? new(KeyVerdict.Unknown, "ExternalKeyStoreUnreachable", "the tenant's external key store did not answer")
                : new(KeyVerdict.Revoked, "ExternalKeyUnusable", "the tenant's external key store refuses the key, or is disconnected");
        }

        return problem switch
        {
            _ when Says(problem.Message, "pending deletion") || Says(problem.Message, "PendingDeletion")
                || Says(problem.Message, "PendingReplicaDeletion") || Says(problem.Message, "pending replica deletion") =>
                new(KeyVerdict.Revoked, "KeyPendingDeletion", "the key is scheduled for deletion"),
            _ when Says(problem.Message, "pending import") || Says(problem.Message, "PendingImport") =>
                new(KeyVerdict.Revoked, "KeyPendingImport", "the key has no material: it was deleted or has expired"),
            _ when problem.Code.EndsWith("DisabledException", StringComparison.Ordinal) || Says(problem.Message, "disabled") =>
                new(KeyVerdict.Revoked, "KeyDisabled", "the key is disabled"),
            _ => new(KeyVerdict.Revoked, "KeyUnavailable", "the key is in a state that allows no use"),
        };
    }

    private static bool IsExternal(string message) =>
        Says(message, "external key") || Says(message, "xks") || Says(message, "custom key store");

    private static bool Says(string message, string word) => message.Contains(word, StringComparison.OrdinalIgnoreCase);
}
