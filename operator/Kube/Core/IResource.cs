using System.Text.Json.Serialization.Metadata;

namespace Kube.Core;

/// <summary>
/// A Kubernetes object that knows its own address and its own serializer. Static members, so generic client code
/// needs no reflection, no registry and no type switch, and survives trimming.
/// </summary>
public interface IResource<TSelf>
    where TSelf : class, IResource<TSelf>
{
    static abstract ResourceKind Kind { get; }

    static abstract JsonTypeInfo<TSelf> Json { get; }

    ObjectMeta Metadata { get; }
}
