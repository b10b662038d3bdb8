using System.Diagnostics;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>
/// What a failed use of a key says of the key. Pure. Only the tenant's own will makes a key revoked; whatever else kept
/// us from using it leaves it unknown.
/// </summary>
internal sealed record KeyJudgement(KeyVerdict Verdict, string Reason, string Message)
{
    /// <summary>A denial that names no side, where no control key says whose it is.</summary>
    public const string Unattributed = "DenialUnattributed";

    /// <param name="problem">What KMS said.</param>
    /// <param name="isOurs">The key is the platform's own, so its policy is too.</param>
    /// <returns>Null where nothing says whose denial it is.</returns>
    public static KeyJudgement? Of(CloudProblem problem, bool isOurs = false)
    {
        var row = KmsVerdicts.Table.Find(problem);
        var by = !isOurs && KmsVerdicts.Table.NamesBoth(problem) ? Refuser.Unsaid : row.By;
        return (isOurs && row.Reason == KmsVerdicts.AccessDenied ? Refuser.Platform : by) switch
        {
            Refuser.Tenant => new(KeyVerdict.Revoked, row.Reason, KmsReasonText.Of(row.Reason)),
            Refuser.Platform
                when row.Reason is KmsVerdicts.AccessDenied or KmsVerdicts.OwnCredentials => OwnTrouble(problem, row),
            Refuser.Platform or Refuser.Nobody =>
                new(KeyVerdict.Unknown, row.Reason, $"{KmsReasonText.Of(row.Reason)}: {problem.Code}"),
            Refuser.Unsaid => null,
            var other => throw new UnreachableException($"{other}"),
        };
    }

    /// <summary>By the state that DescribeKey tells, where the words of the refusal are not known.
    /// Null where it tells nothing more.</summary>
    public static KeyJudgement? OfState(string state) => KmsVerdicts.Table.Find(state, "") is { } row
        ? new(KeyVerdict.Revoked, row.Reason, KmsReasonText.Of(row.Reason))
        : null;

    /// <summary>Of a denial that names no side, by what the control key answered.</summary>
    public static KeyJudgement OfDenial(ControlAnswer control, CloudProblem denial, string region) => control switch
    {
        ControlAnswer.Answered =>
            new(KeyVerdict.Revoked, KmsVerdicts.AccessDenied, KmsReasonText.Of(KmsVerdicts.AccessDenied)),
        ControlAnswer.Refused => new(
            KeyVerdict.Unknown, KmsVerdicts.OwnCredentials,
            $"the platform's own control key in {region} refuses the operator as this key does: the platform's own "
                + $"policies or credentials stand in the way ({denial.Code})"),
        ControlAnswer.Silent => new(
            KeyVerdict.Unknown, Unattributed,
            $"AWS denies the use of the key without saying by whose policy ({denial.Code}), and the control key in "
                + $"{region} could not be asked"),
        ControlAnswer.None => new(
            KeyVerdict.Unknown, Unattributed,
            $"AWS denies the use of the key without saying by whose policy ({denial.Code}), and there is no control "
                + $"key for {region}: set --aws-control-keys"),
        _ => throw new UnreachableException($"{control}"),
    };

    private static KeyJudgement OwnTrouble(CloudProblem problem, RefusalRow row) => new(
        KeyVerdict.Unknown, KmsVerdicts.OwnCredentials,
        row.Part is { } how ? $"AWS refuses the operator {how}: that is the platform's own, and says nothing of the key"
            : $"AWS refuses the operator's own credentials or rights: {problem.Code}");
}
