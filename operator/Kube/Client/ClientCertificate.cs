using System.Net.Security;
using k8s;

namespace Kube.Client;

/// <summary>The client certificate that a configuration names, as text in it or as files.</summary>
internal static class ClientCertificate
{
    /// <summary>Null where none is named.</summary>
    public static SslStreamCertificateContext? Of(KubernetesClientConfiguration configuration)
    {
        var certificate = Read(configuration.ClientCertificateData, configuration.ClientCertificateFilePath);
        var key = Read(configuration.ClientCertificateKeyData, configuration.ClientKeyFilePath);
        return certificate is null || key is null
            ? null
            : Pem.Pair(certificate, key)
                ?? throw new KubeConfigException(
                    "The client certificate and its key are not a PEM pair that belongs together");
    }

    private static byte[]? Read(string? data, string? path) =>
        !string.IsNullOrEmpty(data) ? Convert.FromBase64String(data)
            : !string.IsNullOrEmpty(path) ? File.ReadAllBytes(path) : null;
}
