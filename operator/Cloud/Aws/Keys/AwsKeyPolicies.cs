using Cloud.Aws.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>The required key policy, for the roles that this process runs with.</summary>
internal sealed class AwsKeyPolicies(AwsIdentity identity, AwsOptions options) : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, string? tenant = null)
    {
        if (!KmsKeyArn.TryParse(key.Id, key.Region, out var arn, out var problem))
        {
            throw new CloudException(new CloudProblem.Refused("InvalidArn", problem), "policy");
        }

        // Known at once where the role is configured; else asked of STS the first time, bounded like every call.
        var caller = identity.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return KeyPolicyDocument.For(arn, caller.PrincipalArn, options.DataRoleArn, tenant);
    }

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, string? tenant = null) =>
        new Dictionary<string, string> { [$"{key.Region}.json"] = RequiredPolicy(key, tenant) };
}
