using System.Diagnostics.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>What the runtime measures, on the meter <see cref="MeterName"/>.
/// No object's name is ever a label.</summary>
public static class RuntimeMetrics
{
    public const string MeterName = "Kube.Runtime";

    private static readonly Meter meter = new(MeterName);

    private static readonly InstrumentAdvice<double> durations =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] };

    private static readonly Counter<long> reconciles =
        meter.CreateCounter<long>("kube.reconciles", description: "Reconciles, by controller and outcome.");

    private static readonly Histogram<double> reconcileDuration = meter.CreateHistogram(
        "kube.reconcile.duration", "s", "How long a reconcile took.", tags: null, advice: durations);

    private static readonly Histogram<double> queueLatency = meter.CreateHistogram(
        "kube.queue.latency", "s", "How long a key was due before a worker took it.", tags: null, advice: durations);

    private static readonly Gauge<int> queueDepth =
        meter.CreateGauge<int>("kube.queue.depth", description: "Keys that are due and that no worker has taken.");

    private static readonly Gauge<int> failing =
        meter.CreateGauge<int>("kube.queue.failing", description: "Keys whose last reconcile threw.");

    private static readonly Gauge<double> oldest = meter.CreateGauge<double>(
        "kube.reconcile.oldest.start.timestamp", "s",
        "When the reconcile began that is under way for longest, as Unix time; 0: none is.");

    private static readonly Counter<long> watchRestarts =
        meter.CreateCounter<long>("kube.watch.restarts",
            description: "Lists and watches that failed and were tried again.");

    private static readonly Gauge<int> leading =
        meter.CreateGauge<int>("kube.leader", description: "1 while this process leads.");

    private static readonly Counter<long> events =
        meter.CreateCounter<long>("kube.events", description: "Events, by what became of them.");

    private static readonly Counter<long> requests =
        meter.CreateCounter<long>("kube.requests", description: "Requests to the apiserver, by verb and status code.");

    private static readonly Histogram<double> requestDuration = meter.CreateHistogram(
        "kube.request.duration", "s", "How long the apiserver took to begin its answer.", tags: null,
        advice: durations);

    internal static void Reconciled(string controller, string outcome, TimeSpan took)
    {
        reconciles.Add(1, new("controller", controller), new("outcome", outcome));
        reconcileDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("controller", controller));
    }

    internal static void Taken(string controller, TimeSpan waited) =>
        queueLatency.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("controller", controller));

    internal static void Queued(string controller, int depth) =>
        queueDepth.Record(depth, new KeyValuePair<string, object?>("controller", controller));

    internal static void Failing(string controller, int keys) =>
        failing.Record(keys, new KeyValuePair<string, object?>("controller", controller));

    internal static void UnderWay(string controller, DateTimeOffset? since) =>
        oldest.Record(since?.ToUnixTimeMilliseconds() / 1000.0 ?? 0,
            new KeyValuePair<string, object?>("controller", controller));

    internal static void WatchFailed(string resource, int code) =>
        watchRestarts.Add(1, new("resource", resource), new("code", code));

    internal static void LeaderElection(string lease, bool leads) =>
        leading.Record(leads ? 1 : 0, new KeyValuePair<string, object?>("lease", lease));

    internal static void Spoke(string fate) => events.Add(1, new KeyValuePair<string, object?>("fate", fate));

    internal static void Requested(string verb, int code, TimeSpan took)
    {
        requests.Add(1, new("verb", verb), new("code", code));
        requestDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("verb", verb));
    }
}
