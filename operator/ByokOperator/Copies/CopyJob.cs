using System.Globalization;
using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Cloud;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Copies;

/// <summary>
/// The Job that runs the copy worker, one shard a pod. Where the server knows Indexed Jobs it is one Job; an older
/// server would silently drop the mode and run every pod as the same shard, so there it is one Job per shard. Jobs run
/// in the operator's own namespace: the platform's credentials never enter a tenant's. So they can't be owned by the
/// store (the garbage collector does not cross namespaces): they carry its uid,
/// and the store's finalizer waits for them.
/// </summary>
internal static class CopyJob
{
    /// <summary>Annotation: <c>namespace/name</c> of the store, for the watch that turns a Job into a key.</summary>
    public const string StoreAnnotation = "byok.dev/store";

    /// <summary>Annotation: how many shards the whole copy has, so that a missing sibling is noticed.</summary>
    public const string ShardsAnnotation = "byok.dev/shards";

    /// <summary>Annotation: which try of this fingerprint, from 1.</summary>
    public const string AttemptAnnotation = "byok.dev/attempt";

    /// <summary>Kueue holds a Job of this label until there is room for all of its pods.</summary>
    private const string QueueLabel = "kueue.x-k8s.io/queue-name";

    /// <summary>A pod that is evicted or killed is replaced this often;
    /// the worker resumes from its checkpoint each time.</summary>
    private const int PodReplacements = 1000;

    /// <summary>Azure's webhook puts the pods' federated token where it sees this label.</summary>
    private const string WorkloadIdentityLabel = "azure.workload.identity/use";

    private const string ContainerName = "copy";

    /// <summary>What no replacement would do better ends the Job; that a node goes is no failure of the copy.</summary>
    private static readonly V1PodFailurePolicy EndsAtOnce = new()
    {
        Rules =
        [
            new V1PodFailurePolicyRule
            {
                Action = "FailJob",
                OnExitCodes = new V1PodFailurePolicyOnExitCodesRequirement
                {
                    ContainerName = ContainerName,
                    OperatorProperty = "In",
                    Values = [(int)CopyExit.BadArguments, (int)CopyExit.Mismatch, (int)CopyExit.Refused],
                },
            },
            new V1PodFailurePolicyRule
            {
                Action = "Ignore",
                OnPodConditions = [new() { Type = "DisruptionTarget", Status = "True" }],
            },
        ],
    };

    private static readonly string[] HandedOn =
    [
        "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_KMS",
        "AWS_ENDPOINT_URL_STS", "AWS_STS_REGIONAL_ENDPOINTS",
        "BYOK_AZURE_ENVIRONMENT", "BYOK_AZURE_CA_PEM", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE",
    ];

    public static IReadOnlyList<Job> For(CopyOrderForJob order, CopyPodOptions pods, string ns, bool indexed) => indexed
        ? [Build(order, pods, ns, NameFor(order, null), order.Shards, null)]
        : [.. Enumerable.Range(0, order.Shards)
            .Select(shard => Build(order, pods, ns, NameFor(order, shard), 1, shard))];

    public static int AttemptOf(Job job) =>
        int.TryParse(job.Metadata.Annotations?.GetValueOrDefault(AttemptAnnotation), NumberStyles.None,
            CultureInfo.InvariantCulture, out var attempt) ? attempt : 1;

    private static string NameFor(CopyOrderForJob order, int? shard)
    {
        var uid = order.StoreUid.Replace("-", "", StringComparison.Ordinal);
        var stem = $"byok-{uid[..Math.Min(8, uid.Length)]}-{order.Fingerprint}-{order.Attempt}";
        return (shard is { } number ? $"{stem}-{number}" : stem).ToLowerInvariant();
    }

    private static Job Build(
        CopyOrderForJob order, CopyPodOptions pods, string ns, string name, int completions, int? shard)
    {
        var labels = Children.LabelsFor(Children.CopyChild);
        labels[Labels.StoreUid] = order.StoreUid;
        labels[Labels.Fingerprint] = order.Fingerprint;
        return new Job
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = ns,
                Labels = pods.Queue is { } queue && !order.IsUrgent ? new(labels) { [QueueLabel] = queue } : labels,
                Annotations = new Dictionary<string, string>
                {
                    [StoreAnnotation] = order.Store.ToString(),
                    [ShardsAnnotation] = $"{order.Shards}",
                    [AttemptAnnotation] = $"{order.Attempt}",
                },
            },
            Spec = new JobSpec
            {
                Completions = completions,
                Parallelism = completions,
                CompletionMode = shard is null ? "Indexed" : null,
                BackoffLimit = PodReplacements,
                PodFailurePolicy = EndsAtOnce,
                Template = new PodTemplate
                {
                    Metadata = new PodTemplateMeta { Labels = order.Cloud == CloudKind.Azure
                        ? new(labels) { [WorkloadIdentityLabel] = "true" } : labels },
                    Spec = PodSpecFor(order, pods, shard),
                },
            },
        };
    }

    private static PodSpec PodSpecFor(CopyOrderForJob order, CopyPodOptions pods, int? shard) => new()
    {
        RestartPolicy = "Never",
        ServiceAccountName = pods.ServiceAccount,
        AutomountServiceAccountToken = false,
        HostNetwork = pods.HostNetwork ? true : null,
        SchedulerName = pods.SchedulerName,
        NodeSelector = pods.NodeSelector.Count > 0 ? pods.NodeSelector : null,
        SecurityContext = new V1PodSecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = 65532,
            SeccompProfile = new() { Type = "RuntimeDefault" },
        },
        Containers =
        [
            new Container
            {
                Name = ContainerName,
                Image = pods.Image,
                ImagePullPolicy = pods.ImagePullPolicy,
                Args = [.. order.Arguments, .. shard is { } number ? (string[])["--shard", $"{number}"] : []],
                Env = [.. CloudEnvironment()],
                EnvFrom =
                [
                    .. pods.EnvFromSecrets.Select(secret =>
                        new V1EnvFromSource { SecretRef = new() { Name = secret } }),
                ],
                Resources = new ResourceRequirements
                {
                    Requests = new Dictionary<string, string> { ["cpu"] = pods.Cpu, ["memory"] = pods.Memory },
                    Limits = new Dictionary<string, string> { ["memory"] = pods.Memory },
                },
                SecurityContext = new V1SecurityContext
                {
                    AllowPrivilegeEscalation = false,
                    ReadOnlyRootFilesystem = true,
                    Capabilities = new() { Drop = ["ALL"] },
                },
                TerminationMessagePolicy = "FallbackToLogsOnError",
            },
        ],
    };

    // What is not secret and tells where the clouds are, is handed on; credentials come by service account or Secret.
    // Who we are on Azure (AZURE_CLIENT_ID and its kin) is not: the pods' own service account says that.
    private static IEnumerable<EnvironmentVariable> CloudEnvironment() =>
        from name in HandedOn
        let value = Environment.GetEnvironmentVariable(name)
        where !string.IsNullOrEmpty(value)
        select new EnvironmentVariable { Name = name, Value = value };
}

/// <summary>One copy to run: for which store, under which fingerprint, in how many shards,
/// with which worker flags.</summary>
/// <param name="Arguments">Starts with the verb <c>copy</c>; no secret is an argument.</param>
internal sealed record CopyOrderForJob(
    ObjectKey Store, string StoreUid, string Fingerprint, int Attempt, int Shards, IReadOnlyList<string> Arguments)
{
    /// <summary>Where the copy takes place: what the pods need besides differs.</summary>
    public CloudKind Cloud { get; init; }

    /// <summary>Writers wait for it: it waits for nobody.</summary>
    public bool IsUrgent { get; init; }
}
