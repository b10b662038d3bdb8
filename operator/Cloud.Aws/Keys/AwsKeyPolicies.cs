using Cloud.Aws.Calling;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>The required key policy, for the role that this process runs with.</summary>
internal sealed class AwsKeyPolicies(AwsIdentity identity) : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, KeyBinding? binding = null)
    {
        if (!KmsKeyArn.TryParse(key.Id, key.Region, out var arn, out var problem))
        {
            throw new CloudException(new CloudProblem.Refused("InvalidArn", problem), "policy");
        }

        // Known at once where the role is configured; else asked of STS the first time, bounded like every call.
        var caller = identity.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return KeyPolicyDocument.For(arn, caller.PrincipalArn, binding);
    }

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, KeyBinding? binding = null)
    {
        var policy = RequiredPolicy(key, binding);
        return new Dictionary<string, string>
        {
            [$"{key.Region}.json"] = policy,
            [$"{key.Region}.txt"] = KeyPolicyPurposes.Explain(policy),
        };
    }
}
