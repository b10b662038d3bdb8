using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Kube.Client;

/// <summary>A way to prove ourselves. Not a record: a printed credential is a leaked one.</summary>
public sealed class KubeCredential
{
    public static KubeCredential None { get; } = new();

    /// <summary>A bearer token or a basic pair; null when the certificate alone speaks.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    public X509Certificate2? Certificate { get; init; }

    public static KubeCredential Bearer(string token, X509Certificate2? certificate = null) =>
        new() { Authorization = new AuthenticationHeaderValue("Bearer", token), Certificate = certificate };

    public override string ToString() => "(credential)";
}
