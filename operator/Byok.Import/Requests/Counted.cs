using Kube.Core;

namespace Byok.Import.Requests;

/// <summary>Whose requests are counted together, and how many of them may be made within 24 hours.</summary>
/// <param name="Name">Of the count's Secret.</param>
/// <param name="Labels">For people.</param>
/// <param name="Most">Within 24 hours.</param>
public sealed record Counted(string Name, IReadOnlyDictionary<string, string> Labels, int Most)
{
    public const string ChildKind = "import-count";
    public const string TenantLabel = "byok.dev/for-tenant";

    public static Counted Of(ObjectKey key, int most) => new(
        $"byok-import-count-{TenantLimit.Digest($"{key.Namespace}/{key.Name}")}",
        new Dictionary<string, string>(ImportObjects.LabelsFor(ChildKind))
        {
            [RequestSecret.NamespaceLabel] = key.Namespace,
            [RequestSecret.KeyLabel] = key.Name,
        },
        most);

    /// <summary>All keys of a tenant.</summary>
    public static Counted Of(TenantLimit tenant) => new(
        $"byok-import-count-tenant-{tenant.Group}",
        new Dictionary<string, string>(ImportObjects.LabelsFor(ChildKind)) { [TenantLabel] = tenant.Group },
        tenant.PerDay);
}
