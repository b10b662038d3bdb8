namespace ByokOperator.Api;

public sealed record AwsStore
{
    public string Region { get; init => field = value ?? ""; } = "";

    /// <summary>Left out: a name derived from the store's UID.</summary>
    public string? BucketName { get; init; }

    /// <summary><c>Off</c> (revocation shows at once) or <c>On</c> (fewer KMS calls, a cached bucket key).</summary>
    public string BucketKey { get; init => field = value ?? "Off"; } = "Off";
}
