using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>
/// The <c>&lt;store&gt;-binding</c> ConfigMap: where a workload finds the store. No credential is in it.
/// </summary>
internal static class Binding
{
    public const string ChildKind = "binding";

    /// <summary>Annotation: the receipt that the switch was made on.</summary>
    public const string ReceiptAnnotation = "byok.dev/receipt";

    public static ConfigMap For(EncryptedStore store, string keyId, string? receipt) => new()
    {
        Metadata =
            Children.Meta(store, StoreNames.Binding(store), ChildKind) with { Annotations = AnnotationsFor(receipt) },
        Data = Content(store, keyId),
    };

    /// <summary>Of a store that names no key: where the data is, without one.</summary>
    /// <exception cref="ArgumentException">The store has no shared place.</exception>
    public static ConfigMap ForShared(EncryptedStore store, string? receipt = null) => new()
    {
        Metadata =
            Children.Meta(store, StoreNames.Binding(store), ChildKind) with { Annotations = AnnotationsFor(receipt) },
        Data = SharedContent(store) ?? throw new ArgumentException("the store has no shared place", nameof(store)),
    };

    /// <summary>Digest of what it has to say where the data is in the shared place;
    /// null where the store has none.</summary>
    public static string? SharedHash(EncryptedStore store) =>
        SharedContent(store) is { } shared ? ContentHash.Of(shared) : null;

    /// <summary>Digest of what it has to say for this store and key.</summary>
    public static string ExpectedHash(EncryptedStore store, string keyId) => ContentHash.Of(Content(store, keyId));

    /// <summary>What one that stands says. Entries that others put beside ours count for nothing:
    /// an apply would not take them away.</summary>
    public static BindingFacts Facts(ConfigMap standing, EncryptedStore store)
    {
        var ours = Content(store, "").Keys.ToHashSet(StringComparer.Ordinal);
        var said = (standing.Data ?? new Dictionary<string, string>()).Where(entry => ours.Contains(entry.Key))
            .ToDictionary();
        var hash = ContentHash.Of(said);
        return new BindingFacts(hash, standing.Metadata.Annotations?.GetValueOrDefault(ReceiptAnnotation))
        {
            IsGoing = standing.Metadata.DeletionTimestamp is not null,
            NamesShared = SharedHash(store) == hash,
        };
    }

    /// <summary>It is this store's: by its owner, or, while the store's object stands, by our labels, which somebody
    /// may have left when he took the owner away.</summary>
    public static bool IsOf(ObjectMeta metadata, EncryptedStore store) =>
        metadata.OwnerReferences?.Any(owner => owner.Uid == store.Metadata.Uid) == true
        || (!store.IsRecordedOnly
            && Children.LabelsFor(ChildKind)
                .All(label => metadata.Labels?.GetValueOrDefault(label.Key) == label.Value));

    private static Dictionary<string, string>? AnnotationsFor(string? receipt) =>
        receipt is null ? null : new() { [ReceiptAnnotation] = receipt };

    private static SortedDictionary<string, string> Content(EncryptedStore store, string keyId) =>
        Content(StorePlace.Of(store.Spec), StoreNames.Place(store), keyId);

    /// <summary>Null where the store has no shared place.</summary>
    private static SortedDictionary<string, string>? SharedContent(EncryptedStore store) =>
        StorePlace.Of(store.Spec) is { Shared: { } shared } place ? Content(place, shared.Name, "") : null;

    private static SortedDictionary<string, string> Content(StorePlace place, string name, string keyId)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["cloud"] = place.Cloud,
            ["region"] = place.Region,
            ["prefix"] = place.Shared?.Prefix ?? "",
            ["key"] = keyId,
        };
        if (place.Container is null)
        {
            content["bucket"] = name;
            return content;
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        (content["account"], content["container"]) = (name[..slash], name[(slash + 1)..]);
        return content;
    }
}

/// <summary>The binding as it stands.</summary>
/// <param name="Content">Digest of what it says.</param>
/// <param name="Receipt">Digest of the receipt it was switched on; null where nothing was migrated.</param>
internal sealed record BindingFacts(string Content, string? Receipt)
{
    /// <summary>It leads to the shared place, and so to nothing that the store could close.</summary>
    public bool NamesShared { get; init; }

    /// <summary>It is deleted already, and stands as long as somebody's finalizer does.</summary>
    public bool IsGoing { get; init; }
}
