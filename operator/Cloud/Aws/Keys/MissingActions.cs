using Amazon.KeyManagementService.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Tries each action that we need alone and names those that are refused. Changes nothing.</summary>
internal sealed class MissingActions(KmsCalls kms, AwsOptions options)
{
    /// <summary>Passes KMS's own check of the form; names no grant.</summary>
    private static readonly string NoGrant = new('0', 64);

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
        await TryAsync("kms:GenerateDataKeyWithoutPlaintext", async () => canary = await kms.GenerateAsync(key, context, evidence, cancellation), missing);
        if ((stored ?? canary) is { } any)
        {
            await TryAsync("kms:Decrypt", () => kms.DecryptAsync(key, any, evidence, cancellation), missing);
        }

        if (options.DataRoleArn is { } grantee)
        {
            await TryGrantsAsync(key, grantee, evidence, missing, cancellation);
        }

        return missing;
    }

    private async Task TryGrantsAsync(KeyRef key, string grantee, Evidence evidence, List<string> missing, CancellationToken cancellation)
    {
        await TryAsync("kms:ListGrants", () => kms.GrantsAsync(key, marker: null, evidence, cancellation), missing);
        await TryAsync("kms:CreateGrant", () => DryCreateAsync(key, grantee, evidence, cancellation), missing);
        await TryAsync(
            "kms:RevokeGrant",
            () => kms.RevokeGrantAsync(key, new RevokeGrantRequest { KeyId = key.Id, GrantId = NoGrant, DryRun = true }, evidence, cancellation),
            missing);
    }

    /// <summary>A server that does not know dry runs makes a grant: it is taken back at once.</summary>
    private async Task DryCreateAsync(KeyRef key, string grantee, Evidence evidence, CancellationToken cancellation)
    {
        var request = GrantRequests.Create(key, new GrantSpec("byok-dry-run", grantee, null));
        request.DryRun = true;
        var made = await kms.CreateGrantAsync(key, request, evidence, cancellation);
        if (made.GrantId is { Length: > 0 } id)
        {
            await kms.RevokeGrantAsync(key, new RevokeGrantRequest { KeyId = key.Id, GrantId = id }, evidence, cancellation);
        }
    }

    /// <summary>Everything but a denial means that the action is allowed, or could not be tried.</summary>
    private static async Task TryAsync(string action, Func<Task> attempt, List<string> missing)
    {
        try
        {
            await attempt();
        }
        catch (CloudException denial) when (denial.Problem is CloudProblem.Forbidden)
        {
            missing.Add(action);
        }
        catch (CloudException)
        {
            // Not a denial.
        }
    }
}
