using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Uses a key and judges the answer. A denial counts only when it is seen twice,
/// and as what its own words or the control key say.</summary>
internal sealed class KeyProbe(KmsCalls kms, ControlProbe control, MissingActions missing, AwsIdentity identity)
{
    /// <summary>Long enough for another KMS front end to answer, short beside any probe interval.</summary>
    private static readonly TimeSpan BeforeSecondLook = TimeSpan.FromMilliseconds(500);

    private const string ProvedReason = "Proved";

    public async Task<KeyProof> ProveAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        CancellationToken cancellation)
    {
        var evidence = new Evidence();
        var (canary, current, problem) = await UseAsync(key, context, stored, evidence, cancellation);
        if (problem is CloudProblem.Forbidden)
        {
            await Task.Delay(BeforeSecondLook, kms.Time, cancellation);
            (canary, current, problem) = await UseAsync(key, context, stored, evidence, cancellation);
        }

        if (problem is null)
        {
            var how = stored is null ? "made a data key and decrypted it"
                : "decrypted the stored canary and made a data key";
            return new KeyProof(KeyVerdict.Usable, ProvedReason, how, canary, [],
                evidence.ToList()) { Version = current };
        }

        var judgement = await JudgeAsync(key, problem, evidence, cancellation);
        return judgement is { Verdict: KeyVerdict.Revoked, Reason: KmsVerdicts.AccessDenied }
            ? await DeniedAsync(key, context, stored, problem, evidence, cancellation)
            : new KeyProof(judgement.Verdict, judgement.Reason, judgement.Message, stored, [], evidence.ToList());
    }

    private async Task<KeyJudgement> JudgeAsync(
        KeyRef key, CloudProblem problem, Evidence evidence, CancellationToken cancellation) =>
        KeyJudgement.Of(problem, key.IsOurs) switch
        {
            null => KeyJudgement.OfDenial(await control.AskAsync(key.Region, cancellation), problem, key.Region),
            { Reason: "KeyStateUnclear" } unclear => await StateAsync(key, evidence, cancellation) ?? unclear,
            { } said => said,
        };

    /// <summary>Null where the key's state tells nothing more, or may not be asked.</summary>
    private async Task<KeyJudgement?> StateAsync(KeyRef key, Evidence evidence, CancellationToken cancellation)
    {
        try
        {
            return KeyJudgement.OfState(
                (await kms.DescribeAsync(key, evidence, cancellation)).KeyMetadata.KeyState?.Value ?? "");
        }
        catch (CloudException)
        {
            return null;
        }
    }

    /// <summary>The stored canary first: only it tells the same key from another one behind the same name.</summary>
    /// <returns>With the material that a new data key was made with: the current one,
    /// whoever rotated the key.</returns>
    private async Task<(Canary? Canary, string? Current, CloudProblem? Problem)> UseAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        Evidence evidence,
        CancellationToken cancellation)
    {
        try
        {
            if (stored is not null)
            {
                await kms.DecryptAsync(key, stored, evidence, cancellation);
                return (stored, (await kms.GenerateAsync(key, context, evidence, cancellation)).MaterialId, null);
            }

            var fresh = await kms.GenerateAsync(key, context, evidence, cancellation);
            await kms.DecryptAsync(key, fresh, evidence, cancellation);
            return (fresh, fresh.MaterialId, null);
        }
        catch (CloudException failure)
        {
            return (stored, null, failure.Problem);
        }
    }

    /// <summary>What the tenant would have to allow again, each action tried alone.</summary>
    private async Task<KeyProof> DeniedAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        CloudProblem denial,
        Evidence evidence,
        CancellationToken cancellation)
    {
        var actions = await missing.FindAsync(key, context, stored, evidence, cancellation);
        if (denial is CloudProblem.Forbidden { Action: { } named } && !actions.Contains(named))
        {
            actions = [named, .. actions];
        }

        var message = PolicyLinter.Describe(actions, await PrincipalAsync(cancellation), key.Id,
            context.GetValueOrDefault(KeyPolicyDocument.TenantPair));
        return new KeyProof(KeyVerdict.Revoked, KmsVerdicts.AccessDenied, message, stored, actions, evidence.ToList());
    }

    private async Task<string> PrincipalAsync(CancellationToken cancellation)
    {
        try
        {
            return (await identity.GetAsync(cancellation)).PrincipalArn;
        }
        catch (CloudException)
        {
            return "the operator's role";
        }
    }
}
