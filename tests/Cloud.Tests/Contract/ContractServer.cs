using Cloud.Aws;

namespace Cloud.Tests.Contract;

/// <summary>Where a server is, and who is who on it.</summary>
internal sealed record ContractServer(string Url, string OperatorRole, string WorkloadRole)
{
    public required AwsAccessKey Operator { get; init; }

    public required AwsAccessKey Workload { get; init; }

    public required AwsAccessKey Platform { get; init; }

    public required AwsAccessKey Tenant { get; init; }
}
