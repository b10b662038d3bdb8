using System.Net;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace Kube.Client;

/// <summary>
/// Finds an apiserver the way kubectl and controllers do: a path given, else <c>KUBECONFIG</c> (a list, merged), else
/// the pod's own service account, else <c>~/.kube/config</c>. What comes of it is the official client's configuration.
/// </summary>
public static class KubeConfig
{
    private const string ServiceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    public static bool IsInCluster => KubernetesClientConfiguration.IsInCluster();

    public static KubeConnection Load(string? path = null, string? context = null, TimeProvider? time = null)
    {
        if (!string.IsNullOrEmpty(path))
        {
            return Resolve(ConfigFiles.Read(path), context, time);
        }

        var list = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrEmpty(list))
        {
            return LoadList(list, context, time);
        }

        return IsInCluster ? InCluster()
            : Resolve(ConfigFiles.Read(KubernetesClientConfiguration.KubeConfigDefaultLocation), context, time);
    }

    /// <summary>The service account that a pod is given.</summary>
    public static KubeConnection InCluster() => InCluster(ServiceAccountToken);

    internal static KubeConnection InCluster(string tokenFile)
    {
        try
        {
            var pod = KubernetesClientConfiguration.InClusterConfig();
            return new KubeConnection
            {
                Host = pod.Host,
                Namespace = string.IsNullOrWhiteSpace(pod.Namespace) ? "default" : pod.Namespace.Trim(),
                TokenProvider = new TokenFile(tokenFile, fallback: null),
                SslCaCerts = pod.SslCaCerts is { Count: > 0 } authorities
                    ? authorities
                    : throw new KubeConfigException(
                        "The service account's ca.crt holds no PEM certificate: mount the service account's token"),
            };
        }
        catch (Exception failure) when (failure is not KubeConfigException)
        {
            throw new KubeConfigException($"The service account of this pod can't be read: {failure.Message}", failure);
        }
    }

    /// <summary>A kubeconfig that is at hand as text; relative paths in it start at
    /// <paramref name="directory"/>.</summary>
    public static KubeConnection Parse(
        string yaml, string? directory = null, string? context = null, TimeProvider? time = null) =>
        Resolve(ConfigFiles.Parse(yaml, Path.Combine(directory ?? Directory.GetCurrentDirectory(), "kubeconfig")),
            context, time);

    internal static KubeConnection LoadList(string list, string? context = null, TimeProvider? time = null) =>
        Resolve(ConfigFiles.ReadList(list), context, time);

    private static KubeConnection Resolve(ConfigFiles files, string? contextName, TimeProvider? time)
    {
        var name = contextName ?? files.CurrentContext
            ?? throw new KubeConfigException(
                $"{files.Names}: current-context is not set: run 'kubectl config use-context NAME'");
        var context = files.Find("contexts", name, "context");
        var cluster = files.Find("clusters", context.Required("cluster"), "cluster");
        var server = Server(cluster);
        var user = User(files, context, server);
        var connection = new KubeConnection
        {
            Host = server.AbsoluteUri,
            Namespace = context.Text("namespace") ?? "default",
            TlsServerName = cluster.Text("tls-server-name"),
            SkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
            Impersonation = user is null ? [] : UserFields.Impersonation(user),
        };
        if (Proxy(cluster) is { } proxy)
        {
            connection.FirstMessageHandlerSetup = handler => handler.Proxy = new WebProxy(proxy);
        }

        connection.SslCaCerts = Authorities(cluster);
        if (user is not null)
        {
            UserFields.Apply(connection, user, cluster, time ?? TimeProvider.System);
        }

        return connection;
    }

    /// <summary>Over TLS somebody must ask: kubectl would ask a person for a name here.</summary>
    private static ConfigNode? User(ConfigFiles files, ConfigNode context, Uri server)
    {
        var isSecret = server.Scheme == Uri.UriSchemeHttps;
        var name = isSecret ? context.Required("user") : context.Text("user");
        return name is null ? null
            : files.TryFind("users", name, "user") ?? (isSecret ? files.Find("users", name, "user") : null);
    }

    /// <summary>kubectl takes an address without a scheme for plain HTTP. Nobody means that,
    /// so it is refused.</summary>
    private static Uri Server(ConfigNode cluster)
    {
        var text = cluster.Required("server");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw cluster.Problem("server", "is not an address: write https://HOST:PORT");
        }

        return address.UserInfo.Length == 0
            ? new Uri(address.GetLeftPart(UriPartial.Path))
            : throw cluster.Problem("server",
                "holds a name or a password, and an address stands in logs: put them into the user");
    }

    private static Uri? Proxy(ConfigNode cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "socks5"
            ? address
            : throw cluster.Problem("proxy-url",
                "is not the address of a proxy: write http://HOST:PORT, https:// or socks5://");
    }

    private static X509Certificate2Collection? Authorities(ConfigNode cluster)
    {
        const string field = "certificate-authority";
        var pem = cluster.DataOrFile(field);
        if (pem is null)
        {
            return null;
        }

        if (cluster.Flag("insecure-skip-tls-verify"))
        {
            throw cluster.Problem(field, "contradicts insecure-skip-tls-verify: remove one of them");
        }

        return Pem.Authorities(pem) ?? throw cluster.Problem(field, "holds no PEM certificate");
    }
}

/// <summary>A kubeconfig, or what it points to, can't be used.
/// The message names file and field and says the mend.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The official client's configuration, and what a kubeconfig may say beyond it.</summary>
public sealed class KubeConnection : KubernetesClientConfiguration
{
    /// <summary>The headers that say for whom the user acts (<c>as</c>, <c>as-uid</c>, <c>as-groups</c>,
    /// <c>as-user-extra</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];
}
