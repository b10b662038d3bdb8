namespace ByokOperator.Api;

public sealed record SharedLocation
{
    public AwsSharedLocation? Aws { get; init; }

    public AzureSharedLocation? Azure { get; init; }
}

public sealed record AwsSharedLocation
{
    public string Bucket { get; init => field = value ?? ""; } = "";

    /// <summary>Never empty, ends in a slash.</summary>
    public string Prefix { get; init => field = value ?? ""; } = "";
}

public sealed record AzureSharedLocation
{
    /// <summary>Left out: that of the store.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Left out: that of the store.</summary>
    public string? ResourceGroup { get; init; }

    public string AccountName { get; init => field = value ?? ""; } = "";

    public string Container { get; init => field = value ?? ""; } = "";

    /// <summary>Ends in a slash. Left out: the whole container.</summary>
    public string? Prefix { get; init; }
}
