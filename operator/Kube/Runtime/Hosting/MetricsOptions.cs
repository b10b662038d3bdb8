using Kube.Client;

namespace Kube.Runtime.Hosting;

/// <summary>Where <c>/metrics</c> is served by itself, and to whom.</summary>
public sealed record MetricsOptions
{
    /// <summary><c>host:port</c>; port 0 picks a free one.</summary>
    public required string Listen { get; init; }

    /// <summary>PEM, the leaf first, read again when it changes; null: plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>
    /// Asks the API server who calls, and whether he may read <c>/metrics</c>; null:
    /// whoever reaches the port is served.
    /// </summary>
    public KubeClient? Reviews { get; init; }
}
