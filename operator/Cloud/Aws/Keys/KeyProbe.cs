using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Uses a key and judges the answer. A denial counts only when it is seen twice and is not an echo of our own grant change.</summary>
internal sealed class KeyProbe(KmsCalls kms, GrantTimes grants, MissingActions missing, AwsIdentity identity)
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
        var (canary, problem) = await UseAsync(key, context, stored, evidence, cancellation);
        if (problem is CloudProblem.Forbidden)
        {
            await Task.Delay(BeforeSecondLook, kms.Time, cancellation);
            (canary, problem) = await UseAsync(key, context, stored, evidence, cancellation);
        }

        if (problem is null)
        {
            var how = stored is null ? "made a data key and decrypted it" : "decrypted the stored canary and made a data key";
            return new KeyProof(KeyVerdict.Usable, ProvedReason, how, canary, [], evidence.ToList());
        }

        if (problem is CloudProblem.Forbidden forbidden)
        {
            return await DeniedAsync(key, context, stored, forbidden, evidence, cancellation);
        }

        var judgement = KeyJudgement.Of(problem);
        return new KeyProof(judgement.Verdict, judgement.Reason, judgement.Message, stored, [], evidence.ToList());
    }

    /// <summary>The stored canary first: only it tells the same key from another one behind the same name.</summary>
    private async Task<(Canary? Canary, CloudProblem? Problem)> UseAsync(
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
                await kms.GenerateAsync(key, context, evidence, cancellation);
                return (stored, null);
            }

            var fresh = await kms.GenerateAsync(key, context, evidence, cancellation);
            await kms.DecryptAsync(key, fresh, evidence, cancellation);
            return (fresh, null);
        }
        catch (CloudException failure)
        {
            return (stored, failure.Problem);
        }
    }

    private async Task<KeyProof> DeniedAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        CloudProblem.Forbidden denial,
        Evidence evidence,
        CancellationToken cancellation)
    {
        if (grants.IsSettling(key.Id))
        {
            return new KeyProof(
                KeyVerdict.Unknown, "GrantPending", "the key refuses the operator while a grant change of ours takes effect", stored, [], evidence.ToList());
        }

        var actions = await missing.FindAsync(key, context, stored, evidence, cancellation);
        if (denial.Action is { } named && !actions.Contains(named))
        {
            actions = [named, .. actions];
        }

        var message = PolicyLinter.Describe(actions, await PrincipalAsync(cancellation), key.Id);
        var judgement = KeyJudgement.Of(denial);
        return new KeyProof(judgement.Verdict, judgement.Reason, message, stored, actions, evidence.ToList());
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
