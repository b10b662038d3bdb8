namespace Kube.Client;

/// <summary>The service account that a pod is given.</summary>
public static class InClusterConfig
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsAvailable =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(Path.Combine(Folder, "token"));

    public static KubeConnection Load(TimeProvider? time = null)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        return Load(host, port, Folder, time ?? TimeProvider.System);
    }

    internal static KubeConnection Load(string? host, string? port, string folder, TimeProvider time)
    {
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new KubeConfigException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is not a pod");
        }

        var authority = Path.Combine(folder, "ca.crt");
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        var ns = Path.Combine(folder, "namespace");
        return new KubeConnection
        {
            Server = new Uri($"https://{bracketed}:{port}"),
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
            Credentials = new TokenFileCredentials(Path.Combine(folder, "token"), certificate: null, time),
            Authorities = File.Exists(authority) && Pem.Authorities(File.ReadAllBytes(authority)) is { } authorities
                ? authorities
                : throw new KubeConfigException($"{authority}: holds no PEM certificate: mount the service account's token"),
        };
    }
}
