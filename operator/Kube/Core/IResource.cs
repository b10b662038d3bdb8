using System.Text.Json.Serialization.Metadata;

namespace Kube.Core;

/// <summary>
/// A Kubernetes object that knows its own address and its own serializer. Static members, so generic client code
/// needs no reflection, no registry and no type switch, and survives trimming.
/// Generated readers write null into init-only properties that the wire leaves out (dotnet/runtime issue 84484), so a
/// property with a default mends that in its own accessor.
/// </summary>
public interface IResource<TSelf>
    where TSelf : class, IResource<TSelf>
{
    static abstract ResourceKind Kind { get; }

    static abstract JsonTypeInfo<TSelf> Json { get; }

    /// <summary>True for views that ask the server for metadata only; see <see cref="PartialObject{TKind}"/>.</summary>
    static virtual bool MetadataOnly => false;

    /// <summary>Paths of texts that are read even from an object that as a whole can't be,
    /// such as <c>spec.state</c>.</summary>
    static virtual IReadOnlyList<string> Salvaged => [];

    ObjectMeta Metadata { get; }
}
