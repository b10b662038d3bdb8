using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Cloud.Aws.Calling;

/// <summary>The assumed role's credentials, renewed before they end. Its own file lives in no log:
/// only the role is named.</summary>
internal sealed class StsRoleCredentials : RefreshingAWSCredentials
{
    /// <summary>AWS's default and the longest that role chaining allows.</summary>
    private const int SessionSeconds = 3600;

    private readonly IAmazonSecurityTokenService sts;
    private readonly AwsOptions options;

    public StsRoleCredentials(IAmazonSecurityTokenService sts, AwsOptions options)
    {
        this.sts = sts;
        this.options = options;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        try
        {
            var answer = await sts.AssumeRoleAsync(new AssumeRoleRequest
            {
                RoleArn = options.AssumeRoleArn,
                RoleSessionName = "byok-operator",
                ExternalId = options.ExternalId,
                DurationSeconds = SessionSeconds,
            });
            var given = answer.Credentials;
            return new CredentialsRefreshState(
                new ImmutableCredentials(given.AccessKeyId, given.SecretAccessKey, given.SessionToken),
                given.Expiration!.Value);
        }
        catch (AmazonServiceException refusal)
        {
            throw Own(refusal);
        }
    }

    protected override CredentialsRefreshState GenerateNewCredentials() =>
        GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    /// <summary>That we may not assume our own role says nothing about a tenant's key,
    /// whatever the code reads like.</summary>
    private CloudException Own(AmazonServiceException refusal)
    {
        var problem = AwsProblems.From(refusal);
        return new CloudException(
            problem is CloudProblem.Forbidden or CloudProblem.NotFound or CloudProblem.Refused
                ? new CloudProblem.OwnCredentials(problem.Code,
                    $"the role {options.AssumeRoleArn} could not be assumed")
                : problem,
            "sts:AssumeRole",
            refusal.RequestId,
            refusal);
    }
}
