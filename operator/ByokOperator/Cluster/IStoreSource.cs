using Kube.Core;
using Kube.Runtime.Informers;

namespace ByokOperator.Cluster;

/// <summary>Where the cluster view has its stores from: the API server,
/// or whatever stands for it in a test that owns the time.</summary>
internal interface IStoreSource
{
    /// <summary>One list and one watch of a selection; it does not run yet.</summary>
    /// <param name="selection">Which objects.</param>
    /// <param name="options">What is kept of each.</param>
    /// <param name="pageSize">Few where tenants decide how large an object is.</param>
    Informer<T> Of<T>(Selection selection, InformerOptions<T> options, int pageSize)
        where T : class, IResource<T>;
}
