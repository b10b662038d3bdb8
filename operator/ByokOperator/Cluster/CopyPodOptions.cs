namespace ByokOperator.Cluster;

/// <summary>How the pods of a copy Job are made. No credential is a value here:
/// they come by service account or Secret name.</summary>
public sealed record CopyPodOptions
{
    /// <summary>The operator's own image; the worker is the same binary.</summary>
    public string Image { get; init; } = "";

    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    public string ServiceAccount { get; init; } = "byok-copy";

    /// <summary>Secrets of the operator's namespace that become the pods' environment.</summary>
    public IReadOnlyList<string> EnvFromSecrets { get; init; } = [];

    public bool HostNetwork { get; init; }

    /// <summary>Null: the cluster's default scheduler.</summary>
    public string? SchedulerName { get; init; }

    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Kueue's queue that copies wait in; null: none.</summary>
    public string? Queue { get; init; }

    public string Cpu { get; init; } = "500m";

    public string Memory { get; init; } = "256Mi";
}
