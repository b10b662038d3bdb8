using ByokOperator.Api;
using ByokOperator.Records;
using Kube.Core;

namespace ByokOperator.Entitlements;

/// <summary>Something of an earlier object of the same namespace and name that stands, or is said to:
/// nothing is made beside it.</summary>
/// <param name="Origin">The uid that its names are made of.</param>
/// <param name="IsConsented">The platform says that this very one may be taken back.</param>
/// <param name="Message">For people: what the platform would have to write.</param>
internal sealed record Takeover(string Origin, bool IsConsented, string Message)
{
    public const string Needed = "AdoptionNeeded";

    /// <summary>Its record counts for nothing; null where it is authentic, or none stands.</summary>
    public RecordedFault? Fault { get; init; }

    public static Takeover Of(EncryptedStore store, string tenant, string origin, bool isConsented) => new(
        origin, isConsented,
        Words("a store of this name was put somewhere before", "store", store.Metadata, tenant, origin));

    public static Takeover Of(TenantEncryptionKey key, string tenant, string origin, bool isConsented) => new(
        origin, isConsented,
        Words("a key of this name had a key of the platform's own before", "key", key.Metadata, tenant, origin));

    private static string Words(string what, string kind, ObjectMeta metadata, string tenant, string origin) =>
        $"{what}, and no second one is made beside it: to take it back, the platform adds {{namespace: "
            + $"{metadata.Namespace}, {kind}: {metadata.Name}, uid: {origin}}} to spec.adopt of Tenant {tenant};"
        + " or give this object another name";
}
