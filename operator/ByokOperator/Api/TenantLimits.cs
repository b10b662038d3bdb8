namespace ByokOperator.Api;

/// <summary>How many, and how often.</summary>
public sealed record TenantLimits
{
    /// <summary>Zero is what a field left out reads as.</summary>
    public int Keys { get; init => field = value is 0 ? 20 : value; } = 20;

    public int Stores { get; init => field = value is 0 ? 50 : value; } = 50;

    /// <summary>The shortest <c>spec.revocation.probeInterval</c> of a key.</summary>
    public string MinProbeInterval { get; init => field = value ?? "5s"; } = "5s";

    /// <summary>The longest <c>spec.revocation.maxStaleness</c> of a key.</summary>
    public string MaxStaleness { get; init => field = value ?? "24h"; } = "24h";

    /// <summary>Import requests within any 24 hours over all of the tenant's keys, used or not.</summary>
    public int ImportRequestsPerDay { get; init => field = value is 0 ? 20 : value; } = 20;
}
