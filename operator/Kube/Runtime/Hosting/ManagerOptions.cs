using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

public sealed record ManagerOptions
{
    /// <summary>Where <c>/healthz</c>, <c>/readyz</c> and, unless <see cref="Metrics"/> says where, <c>/metrics</c> are served, plain HTTP; null: nowhere.</summary>
    public string? Listen { get; init; }

    /// <summary>A port of its own for <c>/metrics</c>, which then is nowhere else; null: beside the others.</summary>
    public MetricsOptions? Metrics { get; init; }

    /// <summary>Names of meters that are told besides the runtime's own and .NET's.</summary>
    public IReadOnlyList<string> Meters { get; init; } = [];

    /// <summary>Adds exporters, which get the same as <c>/metrics</c>; null: there are none.</summary>
    public Action<MeterProviderBuilder>? Export { get; init; }

    /// <summary>How long work in hand may go on after a stop is asked for; below the 30 s that a pod is given by default.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait for what was aborted before the process ends without it.</summary>
    public TimeSpan AbortGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A watch that has heard nothing for this long is not healthy. Longer than several reopenings, so that an apiserver
    /// that restarts does not restart us too.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(3);
}
