using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kube.Client;

/// <summary>
/// Finds an apiserver the way kubectl and controllers do: a path given, else <c>KUBECONFIG</c> (a list, merged), else the pod's
/// own service account, else <c>~/.kube/config</c>.
/// </summary>
public static class KubeConfig
{
    public static KubeConnection Load(string? path = null, string? context = null, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        if (!string.IsNullOrEmpty(path))
        {
            return Resolve(ConfigFiles.Read(path), context, clock);
        }

        var list = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrEmpty(list))
        {
            return Resolve(ConfigFiles.ReadList(list), context, clock);
        }

        if (InClusterConfig.IsAvailable)
        {
            return InClusterConfig.Load(clock);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Resolve(ConfigFiles.Read(Path.Combine(home, ".kube", "config")), context, clock);
    }

    /// <summary>A kubeconfig that is at hand as text; relative paths in it start at <paramref name="directory"/>.</summary>
    public static KubeConnection Parse(string yaml, string? directory = null, string? context = null, TimeProvider? time = null)
    {
        var file = Path.Combine(directory ?? Directory.GetCurrentDirectory(), "kubeconfig");
        return Resolve(ConfigFiles.Parse(yaml, file), context, time ?? TimeProvider.System);
    }

    private static KubeConnection Resolve(ConfigFiles files, string? contextName, TimeProvider time)
    {
        var name = contextName ?? files.CurrentContext
            ?? throw new KubeConfigException($"{files.Names}: current-context is not set: run 'kubectl config use-context NAME'");
        var context = files.Find("contexts", name, "context");
        var cluster = files.Find("clusters", context.Required("cluster"), "cluster");
        var user = context.Text("user") is { } userName ? files.Find("users", userName, "user") : null;
        return new KubeConnection
        {
            Server = Address(cluster, "server", required: true)!,
            Namespace = context.Text("namespace") ?? "default",
            Credentials = user is null ? new FixedCredentials(KubeCredential.None) : Credentials(user, cluster, time),
            Authorities = Authorities(cluster),
            TlsServerName = cluster.Text("tls-server-name"),
            SkipTlsVerification = cluster.Flag("insecure-skip-tls-verify"),
            Proxy = Address(cluster, "proxy-url", required: false),
        };
    }

    private static Uri? Address(ConfigNode cluster, string field, bool required)
    {
        var text = required ? cluster.Required(field) : cluster.Text(field);
        if (text is null)
        {
            return null;
        }

        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var address)
            ? address
            : throw cluster.Problem(field, "is not an address: write https://HOST:PORT");
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

    private static IKubeCredentials Credentials(ConfigNode user, ConfigNode cluster, TimeProvider time)
    {
        RefuseUnsupported(user);
        var certificate = Certificate(user);
        if (user.Child("exec") is { } exec)
        {
            return new ExecCredentials(ExecPlugin.From(exec, cluster), time);
        }

        if (user.Text("token") is { } token)
        {
            return new FixedCredentials(KubeCredential.Bearer(token, certificate));
        }

        if (user.FilePath("tokenFile") is { } tokenFile)
        {
            return new TokenFileCredentials(tokenFile, certificate, time);
        }

        var basic = user.Text("username") is { } name
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{user.Text("password")}")))
            : null;
        return new FixedCredentials(new KubeCredential { Authorization = basic, Certificate = certificate });
    }

    private static X509Certificate2? Certificate(ConfigNode user)
    {
        var certificate = user.DataOrFile("client-certificate");
        var key = user.DataOrFile("client-key");
        return (certificate, key) switch
        {
            (null, null) => null,
            (null, _) => throw user.Problem("client-key", "stands alone: add client-certificate"),
            (_, null) => throw user.Problem("client-certificate", "stands alone: add client-key"),
            _ => Pem.Pair(certificate, key) ?? throw user.Problem("client-certificate", "and client-key are not a PEM pair that belongs together"),
        };
    }

    /// <summary>Ignoring one of these would act as somebody else than the file says.</summary>
    private static void RefuseUnsupported(ConfigNode user)
    {
        if (user.Child("auth-provider") is not null)
        {
            throw user.Problem("auth-provider", "went away with Kubernetes 1.26: use an exec plugin");
        }

        if (user.Text("as") is not null)
        {
            throw user.Problem("as", "(impersonation) is not supported: use a user of its own");
        }
    }
}
