using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Azure.Keys;

/// <summary>
/// What a failed use of a key says of the key. Pure. Only the vault's own word, or the tenant's directory's, makes a
/// key revoked; whatever kept us from asking leaves it unknown.
/// </summary>
internal sealed record VaultJudgement(KeyVerdict Verdict, string Reason, string Message)
{
    /// <param name="problem">What the vault said, or whoever stands before it.</param>
    /// <param name="isOurs">The vault is the platform's own, so what it lets in is too.</param>
    public static VaultJudgement Of(CloudProblem problem, bool isOurs = false)
    {
        var row = VaultVerdicts.Table.Find(problem);
        var (by, reason) = isOurs && row.Reason is (VaultVerdicts.AccessDenied or VaultVerdicts.Unattributed)
            ? (Refuser.Platform, VaultVerdicts.OwnCredentials)
            : (row.By, row.Reason);
        return new(by == Refuser.Tenant ? KeyVerdict.Revoked
            : KeyVerdict.Unknown, reason, VaultReasonText.Of(reason, problem.Code));
    }

    /// <summary>Before a key was ever proved a missing role is a role that has not arrived yet:
    /// assignments take minutes to count.</summary>
    public static VaultJudgement AtFirst(CloudProblem problem, bool isOurs = false) =>
        Of(problem, isOurs) is { Reason: VaultVerdicts.AccessDenied }
            ? new(KeyVerdict.Unknown, "RolePending", problem.Code == VaultVerdicts.ByPolicy
                ? $"the vault does not let the operator use the key yet: it goes by access policies, so give it "
                    + $"{string.Join(", ", KeyAccess.Permissions)} on keys, as the published policy does"
                : "the vault does not let the operator use the key yet: give it the role of the published policy; a "
                    + "new assignment takes several minutes to count")
            : Of(problem, isOurs);

    /// <summary>What rules a key out before it was ever used; null where nothing does.</summary>
    public static VaultJudgement? Of(VaultKeyFacts key, DateTimeOffset now) => key switch
    {
        { IsSuitable: false } =>
            new(KeyVerdict.Revoked, "KeyNotSuitable",
                $"the key is {Kind(key)}: storage accounts take RSA or RSA-HSM keys of 2048, 3072 or 4096 bits"),
        { IsProtected: false } =>
            new(KeyVerdict.Revoked, "VaultNotProtected",
                "the vault has no soft delete with purge protection: switch purge protection on (az keyvault update "
                    + "--enable-purge-protection true)"),
        { Enabled: false } => OfState("KeyDisabled"),
        _ when key.Expires <= now => OfState("KeyExpired"),
        _ when key.NotBefore > now => OfState("KeyNotYetValid"),
        _ => null,
    };

    private static string Kind(VaultKeyFacts key) =>
        key.Bits > 0 ? $"{key.Type} of {key.Bits} bits" : $"of type {key.Type}";

    private static VaultJudgement OfState(string code) => Of(new CloudProblem.KeyUnusable(code, ""));
}
