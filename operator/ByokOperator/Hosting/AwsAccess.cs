namespace ByokOperator.Hosting;

/// <summary>Who the operator is on AWS. Credentials come from the SDK's default chain.</summary>
public sealed record AwsAccess
{
    /// <summary>The role that key policies name; null: asked of STS.</summary>
    public string? OperatorRoleArn { get; init; }

    /// <summary>The role that workloads read and write stores with; grants are made for it.</summary>
    public string? DataRoleArn { get; init; }

    /// <summary>A role to take on first, in the platform's account.</summary>
    public string? AssumeRoleArn { get; init; }

    public string? ExternalId { get; init; }
}
