using Kube.Core;

namespace Kube.Runtime.Watching;

/// <summary>What a store is told. A relist is Begin, Item*, End; the store swaps atomically on End.</summary>
public abstract record Signal<T>
    where T : class, IResource<T>
{
    private Signal()
    {
    }

    /// <summary>A list begins; whatever an earlier, unfinished list brought is void.</summary>
    public sealed record Begin : Signal<T>;

    public sealed record Item(T Resource) : Signal<T>;

    /// <summary>A list brought an object that can't be read.</summary>
    public sealed record BadItem(Quarantined Bad) : Signal<T>;

    /// <summary>The list is complete: what it did not bring does not exist.</summary>
    public sealed record End(string ResourceVersion) : Signal<T>;

    public sealed record Changed(T Resource) : Signal<T>;

    /// <summary>The object stands, and can't be read any more.</summary>
    public sealed record Spoiled(Quarantined Bad) : Signal<T>;

    public sealed record Gone(ObjectMeta Metadata) : Signal<T>;

    /// <summary>Nothing changed up to this version.</summary>
    public sealed record Reached(string ResourceVersion) : Signal<T>;
}
