using System.Diagnostics.Metrics;
using ByokOperator.Cluster;

namespace ByokOperator.Notifications;

/// <summary>What became of notices: <c>sent</c>, <c>retried</c>, or <c>dropped</c>, as those are that the sink
/// refuses.</summary>
internal static class NotificationMetrics
{
    public const string Sent = "sent";
    public const string Retried = "retried";
    public const string Dropped = "dropped";

    private static readonly Meter meter = new(OperatorMeter.Name);

    private static readonly Counter<long> notices =
        meter.CreateCounter<long>("byok.notices", description: "Notices, by what became of them.");

    /// <summary>Says of each fate that nothing met it yet: who asks how much a series grew learns nothing of one that
    /// begins at 1, and the first notice that is lost may be the only one.</summary>
    public static void Begin()
    {
        foreach (var fate in (string[])[Sent, Retried, Dropped])
        {
            notices.Add(0, new KeyValuePair<string, object?>("fate", fate));
        }
    }

    public static void Count(string fate) => notices.Add(1, new KeyValuePair<string, object?>("fate", fate));
}
