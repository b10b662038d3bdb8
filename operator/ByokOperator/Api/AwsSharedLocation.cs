namespace ByokOperator.Api;

public sealed record AwsSharedLocation
{
    public string Bucket { get; init => field = value ?? ""; } = "";

    /// <summary>Never empty, ends in a slash.</summary>
    public string Prefix { get; init => field = value ?? ""; } = "";
}
