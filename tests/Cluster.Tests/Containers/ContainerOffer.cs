namespace Cluster.Tests.Containers;

/// <summary>What came of the wish for a cluster in a container: it stands, or one sentence says why there is none.
/// </summary>
internal abstract record ContainerOffer
{
    private ContainerOffer()
    {
    }

    /// <param name="Kubeconfig">The path of its administrator's, readable by its owner alone.</param>
    /// <param name="Image">What runs in the container.</param>
    /// <param name="Container">Its disposal takes all of it away.</param>
    internal sealed record Stands(string Kubeconfig, string Image, IAsyncDisposable Container) : ContainerOffer;

    internal sealed record Missing(string Why) : ContainerOffer;
}
