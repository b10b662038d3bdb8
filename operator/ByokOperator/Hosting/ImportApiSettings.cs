using ByokOperator.Importing.Serving;

namespace ByokOperator.Hosting;

/// <summary>What the process of the import API is told, checked by <see cref="ImportApiRules"/>.</summary>
internal sealed record ImportApiSettings
{
    /// <summary>Null: in-cluster, else <c>KUBECONFIG</c>.</summary>
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <summary>Health and metrics, <c>host:port</c>; port 0 picks a free one.</summary>
    public string Listen { get; init; } = "0.0.0.0:8080";

    public required ImportApiOptions Api { get; init; }
}
