using System.Globalization;
using System.Text.RegularExpressions;
using ByokOperator.Cluster;
using Kube.Core;

namespace ByokOperator.Commands;

/// <summary>Refuses options that would start and then misbehave; every message names the flag and the mend.</summary>
internal static partial class OptionRules
{
    private const int MaxWorkers = 256;

    public static IReadOnlyList<string> Violations(OperatorOptions options)
    {
        List<string> wrong = [];
        void Demand(bool holds, string message)
        {
            if (!holds)
            {
                wrong.Add(message);
            }
        }

        Demand(ObjectNames.IsNamespace(options.Namespace),
            $"--namespace is '{options.Namespace}': give the operator's own namespace");
        Demand(options.Workers is >= 1 and <= MaxWorkers, $"--workers is {options.Workers}: give 1 to {MaxWorkers}");
        Demand(IsAddress(options.Listen), $"--listen is '{options.Listen}': give host:port, such as 0.0.0.0:8080");
        Demand(options.SteadyRecheck >= TimeSpan.FromSeconds(10),
            "--steady-recheck is under 10s: clouds throttle; give 10s or more");
        Demand(options.CopyPods.ImagePullPolicy is "Always" or "IfNotPresent" or "Never",
            $"--image-pull-policy is '{options.CopyPods.ImagePullPolicy}': give Always, IfNotPresent or Never");
        Demand(ObjectNames.IsName(options.CopyPods.ServiceAccount),
            $"--copy-service-account is '{options.CopyPods.ServiceAccount}': give a service account's name");
        Demand(options.CopyPods.EnvFromSecrets.All(ObjectNames.IsName),
            "--copy-env-from-secret is no name that a Secret can have: give a Secret of the operator's namespace");
        Demand(IsQuantity(options.CopyPods.Cpu),
            $"--copy-cpu is '{options.CopyPods.Cpu}': give a quantity such as 500m");
        Demand(IsQuantity(options.CopyPods.Memory),
            $"--copy-memory is '{options.CopyPods.Memory}': give a quantity such as 256Mi");
        Demand(IsQueue(options.CopyPods.Queue),
            $"--job-queue is '{options.CopyPods.Queue}': give the name of a LocalQueue of the operator's namespace");
        Demand(options.CopyPods.Image.Length > 0, "--image is empty: give the operator's own image, or set BYOK_IMAGE");
        Demand(
            options.Lease.Duration >= LeaseOptions.MinDuration,
            $"--lease-duration is under {LeaseOptions.MinDuration.TotalSeconds:0}s: a slow API server would depose a "
                + $"healthy leader; give {LeaseOptions.MinDuration.TotalSeconds:0}s or more");
        wrong.AddRange(AwsFlags.Violations(options.Aws));
        wrong.AddRange(AzureFlags.Violations(options.Azure));
        wrong.AddRange(ImportFlags.Violations(options.Imports));
        wrong.AddRange(MetricsFlags.Violations(options.Metrics, options.Listen));
        Demand(
            options.NotificationSink is null || IsSink(options.NotificationSink),
            "--notice-sink is not a sink: give an absolute http or https URL without credentials in it");
        return wrong;
    }

    /// <summary>It becomes a label's value, which is shorter than a name may be.</summary>
    private static bool IsQueue(string? queue) =>
        queue is null or { Length: <= 63 } && (queue is null || ObjectNames.IsName(queue));

    private static bool IsQuantity(string text) => Quantity().IsMatch(text);

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?(m|k|[MGTPE]|[KMGTPE]i)?\z")]
    private static partial Regex Quantity();

    private static bool IsSink(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var sink) && sink is { Scheme: "http" or "https", UserInfo: "" };

    private static bool IsAddress(string listen) =>
        listen.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
