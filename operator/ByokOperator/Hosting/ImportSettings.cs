namespace ByokOperator.Hosting;

/// <summary>How keys that tenants hand over are taken in.</summary>
public sealed record ImportSettings
{
    /// <summary>Names the platform's wrapping key: the region's, where each has its own.</summary>
    public string WrappingName { get; init; } = "platform";

    /// <summary>How long a wrapping key's certificate is good for.</summary>
    public TimeSpan WrappingValidity { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Where the import API listens, <c>host:port</c>; empty: nowhere.</summary>
    public string Listen { get; init; } = "";

    /// <summary>PEM files, read again when they change. Without them the API speaks plain HTTP, on a loopback address alone.</summary>
    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>Key pairs made ahead for import requests.</summary>
    public int PairsAhead { get; init; } = 4;

    /// <summary>Calls per second that one tenant can keep up.</summary>
    public int CallsPerSecond { get; init; } = 10;
}
