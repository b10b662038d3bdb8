using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>
/// The <c>&lt;store&gt;-binding</c> ConfigMap: where a workload finds the store. No credential is in it. Its content hash stands
/// in an annotation, so that a metadata-only watch tells whether somebody changed it.
/// </summary>
internal static class Binding
{
    public const string ChildKind = "binding";

    /// <summary>Annotation: the receipt that the switch was made on.</summary>
    public const string ReceiptAnnotation = "byok.dev/receipt";

    public static ConfigMap For(EncryptedStore store, string keyId, string? receipt)
    {
        var content = Content(store, keyId);
        var annotations = new Dictionary<string, string> { [ContentHash.Annotation] = ContentHash.Of(content) };
        if (receipt is not null)
        {
            annotations[ReceiptAnnotation] = receipt;
        }

        return new ConfigMap
        {
            Metadata = Children.Meta(store, StoreNames.Binding(store), ChildKind) with { Annotations = annotations },
            Data = content,
        };
    }

    /// <summary>What the hash annotation must say for this store and key.</summary>
    public static string ExpectedHash(EncryptedStore store, string keyId) => ContentHash.Of(Content(store, keyId));

    private static SortedDictionary<string, string> Content(EncryptedStore store, string keyId)
    {
        var place = StorePlace.Of(store.Spec);
        var name = StoreNames.Place(store);
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["cloud"] = place.Cloud,
            ["region"] = place.Region,
            ["prefix"] = place.Shared?.Prefix ?? "",
            ["key"] = keyId,
        };
        if (place.Container is { } container)
        {
            content["account"] = name[..name.IndexOf('/', StringComparison.Ordinal)];
            content["container"] = container;
        }
        else
        {
            content["bucket"] = name;
        }

        return content;
    }
}
