using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>A kind that the server offers. <paramref name="HasGeneration"/>:
/// it counts changes of what is wanted.</summary>
public sealed record Resource(
    string Group, string Version, string Kind, string Plural, bool Namespaced = true, bool HasStatus = false,
    bool HasGeneration = false)
{
    public const string DefinitionPlural = "customresourcedefinitions";

    internal string Id => $"{Plural}.{Group}";

    internal string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    internal string Qualified => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Its replicas can be read and written by themselves.</summary>
    internal bool HasScale => Group == "apps";

    /// <summary>Deleting a Job by default leaves its pods,
    /// for the sake of clients older than the garbage collector.</summary>
    internal string DefaultPropagation => Group == "batch" ? "Orphan" : "Background";

    internal static IReadOnlyList<Resource> BuiltIn { get; } =
    [
        new("", "v1", "ConfigMap", "configmaps"),
        new("", "v1", "Secret", "secrets"),
        new("", "v1", "Namespace", "namespaces", Namespaced: false, HasStatus: true),
        new("", "v1", "Pod", "pods", HasStatus: true),
        new("", "v1", "ServiceAccount", "serviceaccounts"),
        new("apps", "v1", "Deployment", "deployments", HasStatus: true, HasGeneration: true),
        new("apps", "v1", "StatefulSet", "statefulsets", HasStatus: true, HasGeneration: true),
        new("batch", "v1", "Job", "jobs", HasStatus: true, HasGeneration: true),
        new("batch", "v1", "CronJob", "cronjobs", HasStatus: true, HasGeneration: true),
        new("coordination.k8s.io", "v1", "Lease", "leases"),
        new("events.k8s.io", "v1", "Event", "events"),
        new(Roles.Group, "v1", "ClusterRole", Roles.ClusterRoles, Namespaced: false),
        new(Roles.Group, "v1", "ClusterRoleBinding", Roles.ClusterBindings, Namespaced: false),
        new(Roles.Group, "v1", "Role", Roles.OfNamespaces),
        new(Roles.Group, "v1", "RoleBinding", Roles.Bindings),
        new("authentication.k8s.io", "v1", "TokenReview", Reviews.Tokens, Namespaced: false),
        new("authorization.k8s.io", "v1", "SubjectAccessReview", Reviews.Access, Namespaced: false),
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", DefinitionPlural, Namespaced: false,
            HasStatus: true, HasGeneration: true),
    ];

    /// <summary>What a CustomResourceDefinition offers, one per served version.</summary>
    internal static IEnumerable<Resource> Defined(JsonObject definition)
    {
        var spec = definition["spec"]!;
        foreach (var version in spec["versions"]!.AsArray().Where(version => (bool?)version!["served"] ?? true))
        {
            yield return new Resource(
                (string)spec["group"]!, (string)version!["name"]!, (string)spec["names"]!["kind"]!,
                (string)spec["names"]!["plural"]!,
                (string?)spec["scope"] != "Cluster", version["subresources"]?["status"] is not null,
                HasGeneration: true);
        }
    }
}
