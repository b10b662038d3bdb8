using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>What an operator's host serves and tells.</summary>
public sealed record OperatorEndpoints
{
    /// <summary>
    /// A URL, where <c>/healthz</c>, <c>/readyz</c> and, unless <see cref="Metrics"/> says where, <c>/metrics</c> are
    /// served, plain HTTP; port 0 picks a free one.
    /// </summary>
    public required string Listen { get; init; }

    /// <summary>A port of its own for <c>/metrics</c>, which then is nowhere else; null: beside the others.</summary>
    public MetricsOptions? Metrics { get; init; }

    /// <summary>Names of meters that are told besides the runtime's own and .NET's.</summary>
    public IReadOnlyList<string> Meters { get; init; } = [];

    /// <summary>Adds exporters, which get the same as <c>/metrics</c>; null: there are none.</summary>
    public Action<MeterProviderBuilder>? Export { get; init; }
}
