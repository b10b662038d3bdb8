namespace Cloud.Aws;

/// <summary>One of AWS's separate worlds. A key, a bucket and a role work together only within one.</summary>
/// <param name="Id">As ARNs spell it.</param>
/// <param name="DnsSuffix">What services' host names end in.</param>
/// <param name="DualStackSuffix">What their names for IPv4 and IPv6 end in.</param>
public sealed record AwsPartition(string Id, string DnsSuffix, string DualStackSuffix)
{
    public static AwsPartition Commercial { get; } = new("aws", "amazonaws.com", "api.aws");

    public static AwsPartition GovCloud { get; } = new("aws-us-gov", "amazonaws.com", "api.aws");

    public static AwsPartition China { get; } = new("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn");

    /// <summary>The European Sovereign Cloud (https://docs.aws.eu/esc/latest/userguide/aws-services.html).</summary>
    public static AwsPartition EuropeanSovereign { get; } = new("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu");

    /// <summary>Regions are named after their partition,
    /// so a region AWS opens tomorrow is placed rightly too.</summary>
    public static AwsPartition OfRegion(string region) =>
        region.StartsWith("us-gov-", StringComparison.Ordinal) ? GovCloud
        : region.StartsWith("cn-", StringComparison.Ordinal) ? China
        : region.StartsWith("eusc-", StringComparison.Ordinal) ? EuropeanSovereign
        : Commercial;

    public static AwsPartition? Find(string id) => id switch
    {
        "aws" => Commercial,
        "aws-us-gov" => GovCloud,
        "aws-cn" => China,
        "aws-eusc" => EuropeanSovereign,
        _ => null,
    };
}
