namespace Kube.Client;

/// <summary>A kubeconfig, or what it points to, can't be used.
/// The message names file and field and says the mend.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
