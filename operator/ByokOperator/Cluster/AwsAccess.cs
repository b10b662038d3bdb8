namespace ByokOperator.Cluster;

/// <summary>Who the operator is on AWS. Credentials come from the SDK's default chain.</summary>
public sealed record AwsAccess
{
    /// <summary>The role that key policies name; null: asked of STS.</summary>
    public string? OperatorRoleArn { get; init; }

    /// <summary>A role to take on first, in the platform's account.</summary>
    public string? AssumeRoleArn { get; init; }

    public string? ExternalId { get; init; }

    /// <summary><c>REGION=ARN[,REGION=ARN...]</c> each:
    /// keys of the platform's own that a denial is tried on which does not say whose it is.</summary>
    public IReadOnlyList<string> ControlKeys { get; init; } = [];
}
