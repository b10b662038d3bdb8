using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// What a failed use of a key says of the key. Pure. Only the vault's own word, or the tenant's directory's, makes a key revoked;
/// whatever kept us from asking leaves it unknown.
/// </summary>
internal sealed record VaultJudgement(KeyVerdict Verdict, string Reason, string Message)
{
    public static VaultJudgement Of(CloudProblem problem) => problem switch
    {
        CloudProblem.KeyUnusable unusable => OfState(unusable.Code),
        CloudProblem.WrongKey => new(KeyVerdict.Revoked, "KeyReplaced", "the key answers, but it did not make the stored canary: it was replaced by another under the same name"),
        CloudProblem.NotFound { Code: "AADSTS90002" } => new(KeyVerdict.Revoked, "DirectoryNotFound", "Microsoft Entra does not know the directory that spec.azureKeyVault.tenantId names"),
        CloudProblem.NotFound { Code: var code } when code.StartsWith("AADSTS", StringComparison.Ordinal) =>
            new(KeyVerdict.Revoked, "ApplicationNotInstalled", "the platform's application is not installed in the tenant's directory: the published policy says how (az ad sp create)"),
        CloudProblem.NotFound => new(KeyVerdict.Revoked, "KeyNotFound", "the vault has no such key, or no such version of it: it was deleted, or is misspelt"),
        CloudProblem.Forbidden { Code: "ForbiddenByFirewall" or "ForbiddenByConnection" } =>
            new(KeyVerdict.Unknown, "VaultNetworkClosed", "the vault's network does not let the operator in, so the key could not be asked: allow the operator's addresses, or a private link"),
        CloudProblem.Forbidden => new(KeyVerdict.Revoked, "AccessDenied", "the vault refuses the operator: the role Key Vault Crypto Service Encryption User on the key is missing"),
        CloudProblem.Throttled => new(KeyVerdict.Unknown, "Throttled", "the vault is throttling; the key could not be asked"),
        CloudProblem.OwnCredentials { Code: "Unauthorized" } =>
            new(KeyVerdict.Unknown, "WrongDirectory", "the vault does not take tokens of this directory: set spec.azureKeyVault.tenantId to the directory that the vault belongs to"),
        CloudProblem.OwnCredentials own => new(KeyVerdict.Unknown, "OwnCredentials", $"the operator's own identity is refused: {own.Code}"),
        CloudProblem.Unreachable { Code: "NameNotResolved" } =>
            new(KeyVerdict.Unknown, "VaultNameUnknown", "no vault answers under this name: it is misspelt, in another cloud, or deleted"),
        CloudProblem.Unreachable { Code: "EntraUnreachable" } => new(KeyVerdict.Unknown, "EntraUnreachable", "Microsoft Entra could not be reached, so the key could not be asked"),
        CloudProblem.Refused refused => new(KeyVerdict.Unknown, "Refused", $"the request was refused: {refused.Code}"),
        _ => new(KeyVerdict.Unknown, "Unreachable", $"the vault gave no usable answer: {problem.Code}"),
    };

    /// <summary>Before a key was ever proved a missing role is a role that has not arrived yet: assignments take minutes to count.</summary>
    public static VaultJudgement AtFirst(CloudProblem problem) => Of(problem) is { Reason: "AccessDenied" }
        ? new(KeyVerdict.Unknown, "RolePending", "the vault does not let the operator use the key yet: give it the role of the published policy; a new assignment takes several minutes to count")
        : Of(problem);

    /// <summary>What rules a key out before it was ever used; null where nothing does.</summary>
    public static VaultJudgement? Of(VaultKeyFacts key, DateTimeOffset now) => key switch
    {
        { IsSuitable: false } => new(KeyVerdict.Revoked, "KeyNotSuitable", $"the key is {Kind(key)}: storage accounts take RSA or RSA-HSM keys of 2048, 3072 or 4096 bits"),
        { IsProtected: false } => new(KeyVerdict.Revoked, "VaultNotProtected", "the vault has no soft delete with purge protection: switch purge protection on (az keyvault update --enable-purge-protection true)"),
        { Enabled: false } => OfState("KeyDisabled"),
        _ when key.Expires <= now => OfState("KeyExpired"),
        _ when key.NotBefore > now => OfState("KeyNotYetValid"),
        _ => null,
    };

    private static string Kind(VaultKeyFacts key) => key.Bits > 0 ? $"{key.Type} of {key.Bits} bits" : $"of type {key.Type}";

    private static VaultJudgement OfState(string code) => code switch
    {
        "KeyDisabled" => new(KeyVerdict.Revoked, "KeyDisabled", "the key is disabled"),
        "KeyExpired" => new(KeyVerdict.Revoked, "KeyExpired", "the key has expired: give it a later expiry, or rotate it"),
        "KeyNotYetValid" => new(KeyVerdict.Revoked, "KeyNotYetValid", "the key's activation date has not come yet"),
        "KeyOperationForbidden" => new(KeyVerdict.Revoked, "KeyOperationForbidden", "the key does not permit wrapKey and unwrapKey: add both to its permitted operations"),
        _ => new(KeyVerdict.Revoked, "KeyUnavailable", "the key is in a state that allows no use"),
    };
}
