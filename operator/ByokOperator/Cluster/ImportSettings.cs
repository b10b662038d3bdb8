namespace ByokOperator.Cluster;

/// <summary>How keys that tenants hand over are taken in.</summary>
public sealed record ImportSettings
{
    /// <summary>Where wrapping keys and import requests stand; empty: in the operator's own namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Names the platform's wrapping key: the region's, where each has its own.</summary>
    public string WrappingName { get; init; } = "platform";

    /// <summary>How long a wrapping key's certificate is good for.</summary>
    public TimeSpan WrappingValidity { get; init; } = TimeSpan.FromDays(365);
}
