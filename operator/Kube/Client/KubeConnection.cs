using k8s;

namespace Kube.Client;

/// <summary>The official client's configuration, and what a kubeconfig may say beyond it.</summary>
public sealed class KubeConnection : KubernetesClientConfiguration
{
    /// <summary>The headers that say for whom the user acts (<c>as</c>, <c>as-uid</c>, <c>as-groups</c>,
    /// <c>as-user-extra</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];
}
