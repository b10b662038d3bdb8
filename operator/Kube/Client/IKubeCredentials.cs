namespace Kube.Client;

/// <summary>Where credentials come from; asked before every request, so it keeps what it may.</summary>
public interface IKubeCredentials
{
    ValueTask<KubeCredential> GetAsync(CancellationToken cancellation);

    /// <summary>The server answered 401 to this one: don't hand it out again if another can be had.</summary>
    void Refuse(KubeCredential credential);
}
