namespace ByokOperator.Api;

public sealed record SharedLocation
{
    public AwsSharedLocation? Aws { get; init; }

    public AzureSharedLocation? Azure { get; init; }
}
