using LocalCloud.Aws;
using LocalCloud.Aws.Iam;
using LocalCloud.Azure;
using LocalCloud.Azure.Admin;
using LocalCloud.Faults;

namespace LocalCloud.Admin;

/// <summary>What a test may do to the cloud that no client may.</summary>
public sealed partial class LocalCloudAdmin
{
    private readonly AwsCloud aws;

    internal LocalCloudAdmin(AwsCloud aws, AzureCloud azure)
    {
        this.aws = aws;
        Azure = new AzureAdmin(azure);
    }

    public AzureAdmin Azure { get; }

    /// <summary>The cloud's time is the machine's plus this.</summary>
    public TimeSpan ClockOffset
    {
        get => aws.Clock.Offset;
        set => aws.Clock.Offset = value;
    }

    public DateTimeOffset Now => aws.Clock.GetUtcNow();

    /// <summary>KMS connections are reset, and S3 answers 503 for whatever needs a key.</summary>
    public bool KmsUnreachable
    {
        get => aws.Switches.KmsUnreachable;
        set => aws.Switches.KmsUnreachable = value;
    }

    /// <summary>KMS throttles what goes over its request quotas: of each operation a second's worth at once.</summary>
    public bool KmsQuotas
    {
        get => aws.Switches.KmsQuotas;
        set => aws.Switches.KmsQuotas = value;
    }

    /// <summary>How long S3 goes on with a key after it was disabled or scheduled for deletion.</summary>
    public TimeSpan S3DisableLag
    {
        get => aws.Switches.DisableLag.Value;
        set => aws.Switches.DisableLag.Value = value;
    }

    /// <summary>How long ListKeys leaves a new key out, as KMS is free to.</summary>
    public TimeSpan KeyListLag
    {
        get => aws.Switches.KeyListLag.Value;
        set => aws.Switches.KeyListLag.Value = value;
    }

    /// <summary>How long grants made from now on count only for callers who show their token.</summary>
    public TimeSpan GrantLag
    {
        get => aws.Switches.GrantLag.Value;
        set => aws.Switches.GrantLag.Value = value;
    }

    /// <returns>An id for <see cref="RemoveFault"/> and <see cref="FaultStrikes"/>.</returns>
    public int AddFault(FaultRule rule) => aws.Faults.Add(rule);

    public bool RemoveFault(int id) => aws.Faults.Remove(id);

    public void ClearFaults() => aws.Faults.Clear();

    /// <summary>How often the rule struck; null when it was removed.</summary>
    public int? FaultStrikes(int id) => aws.Faults.Strikes(id);

    /// <summary>Calls since the start or the last reset; null counts over all values.</summary>
    public long Count(string? service = null, string? operation = null, string? principalArn = null) =>
        aws.Log.Count(service, operation, principalArn);

    /// <summary>Counts by <c>service:Operation</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts() => aws.Log.ByOperation();

    /// <summary>The last calls, oldest first, as many as the options say.</summary>
    public IReadOnlyList<CallRecord> Calls() => aws.Log.Recent();

    public void ResetCalls() => aws.Log.Reset();

    /// <summary>An access key for a role (as a session of it), a user or an account's root.</summary>
    public void AddAccessKey(string accessKey, string secret, string arn) =>
        Seed.Add(aws.Identities, accessKey, secret, arn);

    public bool RemoveAccessKey(string accessKey) => aws.Identities.Remove(accessKey);

    /// <summary>From now on the key is ExpiredToken.</summary>
    public bool ExpireAccessKey(string accessKey) => aws.Identities.Expire(accessKey, Now);

    /// <summary>A role or user that policies may name; nobody can act as it.</summary>
    public void AddPrincipal(string arn) => aws.Identities.Principals.Know(arn);

    public void AddRole(string arn, string trustPolicy) => Seed.AddRole(aws.Identities, arn, trustPolicy);

    /// <summary>Limits what an access key may do; null lifts the limit. Without one,
    /// identities may do all that resources let them.</summary>
    public bool SetIdentityPolicy(string accessKey, string? policy) =>
        aws.Identities.SetIdentityPolicy(accessKey, Read(policy));

    /// <summary>What of the policy that was set last was used: every action that it allowed.</summary>
    public IReadOnlyList<string> AllowedTo(string accessKey) =>
        aws.Identities.Find(accessKey)?.Principal.IdentityPolicy?.Allowed ?? [];

    /// <summary>A policy over what the access key's own would allow; null lifts it.</summary>
    /// <param name="accessKey">Whose.</param>
    /// <param name="kind"><c>permissions boundary</c>, <c>session policy</c> or <c>VPC endpoint policy</c>.</param>
    /// <param name="policy">It has to allow, and may deny.</param>
    public bool SetLimit(string accessKey, string kind, string? policy) =>
        aws.Identities.SetLimit(accessKey, kind, Read(policy));

    /// <summary>The service control policy over everybody of an account, as it is now; null lifts it.</summary>
    public void SetServiceControlPolicy(string account, string? policy) =>
        aws.Identities.SetServiceControlPolicy(account, Read(policy));

    private static PolicyDocument? Read(string? policy) => policy is null ? null : PolicyDocument.Parse(policy);
}
