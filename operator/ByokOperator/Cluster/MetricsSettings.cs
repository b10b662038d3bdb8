namespace ByokOperator.Cluster;

/// <summary>Where <c>/metrics</c> is served by itself.</summary>
public sealed record MetricsSettings
{
    /// <summary><c>host:port</c>; empty: beside health, as plain HTTP.</summary>
    public string Listen { get; init; } = "";

    /// <summary>PEM; null: plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Only to those whom the API server lets <c>get /metrics</c>.</summary>
    public bool TokenReview { get; init; }
}
