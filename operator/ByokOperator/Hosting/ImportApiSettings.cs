using Byok.Import.Serving;
using ByokOperator.Cluster;

namespace ByokOperator.Hosting;

/// <summary>What the process of the import API is told. Values are checked before anything starts.</summary>
internal sealed record ImportApiSettings
{
    /// <summary>Null: in-cluster, else <c>KUBECONFIG</c>.</summary>
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <summary>Health and, where these have no port of their own, metrics, <c>host:port</c>;
    /// port 0 picks a free one.</summary>
    public string Listen { get; init; } = "0.0.0.0:8080";

    /// <summary>Whether metrics have a port of their own.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    public required ImportApiOptions Api { get; init; }
}
