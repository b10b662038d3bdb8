using System.Diagnostics.Metrics;
using ByokOperator.Hosting;

namespace ByokOperator.Notifications;

/// <summary>What became of notices: <c>sent</c>, <c>retried</c>, <c>refused</c> by the sink,
/// or <c>dropped</c>.</summary>
internal static class NotificationMetrics
{
    private static readonly Meter meter = new(Telemetry.MeterName);

    private static readonly Counter<long> notices =
        meter.CreateCounter<long>("byok.notices", description: "Notices, by what became of them.");

    public static void Count(string fate) => notices.Add(1, new KeyValuePair<string, object?>("fate", fate));
}
