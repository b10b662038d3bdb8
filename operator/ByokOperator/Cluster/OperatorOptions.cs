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

/// <summary>Who the operator is on AWS. Credentials come from the SDK's default chain.</summary>
public sealed record AwsAccess
{
    /// <summary>The role that key policies name; null: asked of STS.</summary>
    public string? OperatorRoleArn { get; init; }

    /// <summary>A role to take on first, in the platform's account.</summary>
    public string? AssumeRoleArn { get; init; }

    public string? ExternalId { get; init; }

    /// <summary><c>REGION=ARN[,REGION=ARN...]</c> each:
    /// keys of the platform's own that a denial is tried on which does not say whose it is.</summary>
    public IReadOnlyList<string> ControlKeys { get; init; } = [];
}

/// <summary>Who the operator is on Azure. Without a directory and a client id Azure is not used.</summary>
public sealed record AzureAccess
{
    /// <summary>The platform's own directory; null: <c>AZURE_TENANT_ID</c>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The operator's user-assigned identity; null: <c>AZURE_CLIENT_ID</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>That identity as a resource, which storage accounts use to reach keys.</summary>
    public string? IdentityResourceId { get; init; }

    /// <summary>The platform's multi-tenant application, which tenants install.</summary>
    public string? ApplicationClientId { get; init; }

    /// <summary><c>public</c>, <c>usgovernment</c> or <c>china</c>; null: the environment says.</summary>
    public string? Environment { get; init; }

    /// <summary>How long a role that was taken away may still let somebody in, such as <c>10m</c>; null:
    /// the environment says.</summary>
    public string? RoleSettling { get; init; }
}

/// <summary>How keys that tenants hand over are taken in.</summary>
public sealed record ImportSettings
{
    /// <summary>Where wrapping keys and import requests stand; empty: in the operator's own namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Names the platform's wrapping key: the region's, where each has its own.</summary>
    public string WrappingName { get; init; } = "platform";

    /// <summary>How long a wrapping key's certificate is good for.</summary>
    public TimeSpan WrappingValidity { get; init; } = TimeSpan.FromDays(365);
}

/// <summary>Leader election times, all derived from one in the relation that
/// Kubernetes' own components keep (15/10/2 s).</summary>
public sealed record LeaseOptions
{
    /// <summary>Below this a slow API server deposes a healthy leader again and again.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(5);

    public string Name { get; init; } = "byok-operator";

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan RenewDeadline => Duration * 10 / 15;

    public TimeSpan RetryPeriod => Duration * 2 / 15;

    /// <summary>How much sooner than the lease the fence of destructive acts falls.</summary>
    public TimeSpan SafetyMargin => Duration * 3 / 15;
}

/// <summary>Where <c>/metrics</c> is served by itself.</summary>
public sealed record MetricsSettings
{
    /// <summary><c>host:port</c>; empty: beside health, as plain HTTP.</summary>
    public string Listen { get; init; } = "";

    /// <summary>PEM; null: plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Only to those whom the API server lets <c>get /metrics</c>.</summary>
    public bool TokenReview { get; init; }
}

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
