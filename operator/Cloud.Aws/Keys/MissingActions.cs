using Amazon.KeyManagementService.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Tries each action that we need alone and names those that are refused. Changes nothing.</summary>
internal sealed class MissingActions(KmsCalls kms)
{
    public async Task<IReadOnlyList<string>> FindAsync(
        KeyRef key,
        IReadOnlyDictionary<string, string> context,
        Canary? stored,
        Evidence evidence,
        CancellationToken cancellation)
    {
        var missing = new List<string>();
        var canary = stored;
        await TryAsync("kms:DescribeKey", () => kms.DescribeAsync(key, evidence, cancellation), missing);
        await TryAsync("kms:GenerateDataKeyWithoutPlaintext",
            async () => canary = await kms.GenerateAsync(key, context, evidence, cancellation), missing);
        if ((stored ?? canary) is { } any)
        {
            await TryAsync("kms:Decrypt", () => kms.DecryptAsync(key, any, evidence, cancellation), missing);
        }

        return missing;
    }

    /// <summary>Everything but a denial that may be the key's own means that the action is allowed there,
    /// or could not be tried.</summary>
    private static async Task TryAsync(string action, Func<Task> attempt, List<string> missing)
    {
        try
        {
            await attempt();
        }
        catch (CloudException denial) when (denial.Problem is CloudProblem.Forbidden
            && KeyJudgement.Of(denial.Problem)?.Verdict != KeyVerdict.Unknown)
        {
            missing.Add(action);
        }
        catch (CloudException)
        {
            // Not a denial.
        }
    }
}
