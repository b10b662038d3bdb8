namespace Cloud.Aws;

/// <summary>One of AWS's separate worlds. A key, a bucket and a role work together only within one.</summary>
public sealed record AwsPartition(string Id, string DnsSuffix)
{
    public static AwsPartition Commercial { get; } = new("aws", "amazonaws.com");

    public static AwsPartition GovCloud { get; } = new("aws-us-gov", "amazonaws.com");

    public static AwsPartition China { get; } = new("aws-cn", "amazonaws.com.cn");

    /// <summary>Regions are named after their partition, so a region AWS opens tomorrow is placed rightly too.</summary>
    public static AwsPartition OfRegion(string region) =>
        region.StartsWith("us-gov-", StringComparison.Ordinal) ? GovCloud
        : region.StartsWith("cn-", StringComparison.Ordinal) ? China
        : Commercial;

    public static AwsPartition? Find(string id) => id switch
    {
        "aws" => Commercial,
        "aws-us-gov" => GovCloud,
        "aws-cn" => China,
        _ => null,
    };
}
