using System.Security.Cryptography.X509Certificates;

namespace Kube.Client;

/// <summary>Where an apiserver is, how it proves itself, and how we prove ourselves.</summary>
public sealed record KubeConnection
{
    public required Uri Server { get; init; }

    /// <summary>The namespace of the context, or of the pod.</summary>
    public string Namespace { get; init; } = "default";

    public IKubeCredentials Credentials { get; init; } = new FixedCredentials(KubeCredential.None);

    /// <summary>Who may sign the server's certificate; null: whom the system trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The name that the server's certificate must carry, where it is not the host's.</summary>
    public string? TlsServerName { get; init; }

    public bool SkipTlsVerification { get; init; }

    /// <summary>Null: what the environment says.</summary>
    public Uri? Proxy { get; init; }
}
