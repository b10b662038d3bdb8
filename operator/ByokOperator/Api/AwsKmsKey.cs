namespace ByokOperator.Api;

/// <summary>One region's key, by its full key ARN: an alias would be resolved in the caller's account.</summary>
public sealed record AwsKmsKey
{
    public string Region { get; init => field = value ?? ""; } = "";

    public string Arn { get; init => field = value ?? ""; } = "";
}
