namespace Kube.Client;

/// <summary>Credentials that never change.</summary>
public sealed class FixedCredentials(KubeCredential credential) : IKubeCredentials
{
    public ValueTask<KubeCredential> GetAsync(CancellationToken cancellation) => ValueTask.FromResult(credential);

    public void Refuse(KubeCredential credential)
    {
        // There is no other.
    }
}
