using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>Whether a whole namespace is going: then everything in it is let go, for nothing can be made in it any
/// more, and what must outlive it is recorded elsewhere.</summary>
internal static class Namespaces
{
    /// <summary>Asked live, and only about what is being deleted. Where nobody can say, it is not going.</summary>
    public static async Task<bool> IsGoingAsync(OperatorContext around, ObjectMeta metadata, Glance glance) =>
        metadata.DeletionTimestamp is not null
        && (await glance.OfAsync(cancellation =>
            around.Kube.Api<PartialObject<NamespaceObject>>()
                .TryGetAsync(new ObjectKey("", metadata.Namespace ?? ""), cancellation)))
            .ForDisplay()?.Metadata.DeletionTimestamp is not null;

    /// <summary>What the API server says where something was to be made in such a namespace.</summary>
    public static bool IsRefusal(KubeStatus status) =>
        status.IsForbidden
            && status.Message?.Contains("because it is being terminated", StringComparison.Ordinal) == true;
}
