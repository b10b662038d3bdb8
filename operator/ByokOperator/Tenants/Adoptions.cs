using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Entitlements;
using Kube.Core;

namespace ByokOperator.Tenants;

/// <summary>What can't come of a Tenant's consents to take something back, and what is still awaited. The stores and
/// keys themselves say what came of the rest.</summary>
/// <param name="Refused">With these nothing happens until the platform mends them.</param>
/// <param name="Awaited">With these nothing happens yet.</param>
internal sealed record Adoptions(IReadOnlyList<string> Refused, IReadOnlyList<string> Awaited)
{
    public static readonly Adoptions None = new([], []);

    public static Adoptions Of(Tenant tenant, TenantView view)
    {
        var (refused, awaited) = (new List<string>(), new List<string>());
        foreach (var (entry, index) in tenant.Spec.Adopt.Select((entry, index) => (entry, index)))
        {
            if (FaultOf(entry, tenant, view) is { } fault)
            {
                refused.Add($"spec.adopt[{index}]: {fault}");
            }
            else if (!ObjectsOf(entry, view).Any(one => one.Name == NameOf(entry)))
            {
                awaited.Add(
                    $"spec.adopt[{index}]: {KindOf(entry)} {entry.Namespace}/{NameOf(entry)} is not there: apply it, "
                        + "or take the entry away");
            }
        }

        return new Adoptions(refused, awaited);
    }

    private static string? FaultOf(TenantSpecAdopt entry, Tenant tenant, TenantView view) =>
        view.Authority.TenantOf(entry.Namespace)?.Metadata.Name != tenant.Metadata.Name
            ? $"namespace {entry.Namespace} is not this tenant's, so nothing is taken back in it: add it to "
                + "spec.namespaces, or take the entry away"
        : view.IsLive(entry.Uid)
            ? $"an object with the uid {entry.Uid} stands, and only what an object that is gone left can be taken "
                + "back: write the uid that the condition AdoptionNeeded says"
        : null;

    private static IEnumerable<ObjectMeta> ObjectsOf(TenantSpecAdopt entry, TenantView view) => entry.Store.Length > 0
        ? view.StoresIn(entry.Namespace).Select(store => store.Metadata)
        : view.KeysIn(entry.Namespace).Select(key => key.Metadata);

    private static string KindOf(TenantSpecAdopt entry) =>
        entry.Store.Length > 0 ? "EncryptedStore" : "TenantEncryptionKey";

    private static string NameOf(TenantSpecAdopt entry) => entry.Store.Length > 0 ? entry.Store : entry.Key;
}
