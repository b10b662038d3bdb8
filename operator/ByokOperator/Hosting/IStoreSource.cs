using Kube.Core;
using Kube.Runtime.Watching;

namespace ByokOperator.Hosting;

/// <summary>Where the cluster view has its stores from: the API server, or whatever stands for it in a test that owns the time.</summary>
internal interface IStoreSource
{
    /// <summary>One list and one watch of a selection; it does not run yet.</summary>
    Store<T> Of<T>(Selection selection)
        where T : class, IResource<T>;
}
