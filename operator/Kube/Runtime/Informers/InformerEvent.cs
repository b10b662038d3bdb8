using Kube.Core;

namespace Kube.Runtime.Informers;

/// <summary>What a store is told. A relist is Begin, Item*, End; the store swaps atomically on End.</summary>
public abstract record InformerEvent<T>
    where T : class, IResource<T>
{
    private InformerEvent()
    {
    }

    /// <summary>A list begins; whatever an earlier, unfinished list brought is void.</summary>
    public sealed record Begin : InformerEvent<T>;

    public sealed record Item(T Resource) : InformerEvent<T>;

    /// <summary>A list brought an object that can't be read.</summary>
    public sealed record BadItem(Quarantined Bad) : InformerEvent<T>;

    /// <summary>The list is complete: what it did not bring does not exist.</summary>
    public sealed record End(string ResourceVersion) : InformerEvent<T>;

    public sealed record Changed(T Resource) : InformerEvent<T>;

    /// <summary>The object stands, and can't be read any more.</summary>
    public sealed record Spoiled(Quarantined Bad) : InformerEvent<T>;

    public sealed record Gone(ObjectMeta Metadata) : InformerEvent<T>;

    /// <summary>Nothing changed up to this version.</summary>
    public sealed record Reached(string ResourceVersion) : InformerEvent<T>;
}
