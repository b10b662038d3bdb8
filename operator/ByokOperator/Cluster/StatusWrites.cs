using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Cluster;

/// <summary>Writes a status unless its object went away meanwhile.</summary>
internal static class StatusWrites
{
    public static async Task TryAsync<T>(StatusWriter<T> writer, T wanted, T current, CancellationToken cancellation)
        where T : class, IResource<T>
    {
        try
        {
            await writer.WriteAsync(wanted, current, cancellation);
        }
        catch (KubeException gone) when (gone.Status.IsNotFound || gone.Status.IsConflict)
        {
            writer.Forget(current.Metadata.Key); // gone, or another object of that name: nothing to show
        }
    }
}
