namespace ByokOperator.Api;

public sealed record SharedLocation
{
    public AwsSharedLocation? Aws { get; init; }
}
