namespace ByokOperator.Cluster;

/// <summary>How <c>byok-operator run</c> was asked to run.
/// Values are checked before anything starts.</summary>
public sealed record OperatorOptions
{
    /// <summary>Null: in-cluster, else <c>KUBECONFIG</c>.</summary>
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    /// <summary>The operator's own namespace: its lease and the copy Jobs live here.</summary>
    public string Namespace { get; init; } = "byok-system";

    /// <summary>What the API server knows the operator by; only named in messages.</summary>
    public string ServiceAccount { get; init; } = "byok-operator";

    /// <summary>This replica's name in the lease; unique per process.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Health, readiness and, where these have no port of their own, metrics, <c>host:port</c>;
    /// port 0 picks a free one.</summary>
    public string Listen { get; init; } = "0.0.0.0:8080";

    /// <summary>Whether metrics have a port of their own.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Reconciles side by side, per kind.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>How often a store that is at rest is looked at again; clouds change without telling us.</summary>
    public TimeSpan SteadyRecheck { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a cloud's list may lack a key that was just made:
    /// an interrupted creation is not repeated sooner.</summary>
    public TimeSpan CloudSettling { get; init; } = Cloud.Keys.IImportedKeys.Settling;

    public LeaseOptions Lease { get; init; } = new();

    public CopyPodOptions CopyPods { get; init; } = new();

    public AwsAccess Aws { get; init; } = new();

    public AzureAccess Azure { get; init; } = new();

    public ImportSettings Imports { get; init; } = new();

    /// <summary>Where wrapping keys and import requests stand.</summary>
    public string ImportNamespace => Imports.Namespace.Length > 0 ? Imports.Namespace : Namespace;

    /// <summary>Where notices are posted; null: none are made.</summary>
    public string? NotificationSink { get; init; }

    /// <summary>A mounted file with the secret that notices are signed with; null: the environment says.</summary>
    public string? NotificationSecretFile { get; init; }
}
