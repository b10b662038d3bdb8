using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>Rights by the roles that stand and are bound, for whoever shows a service account's name.
/// Everybody else may everything.</summary>
internal sealed class Roles(ObjectStore store, Catalog catalog)
{
    public const string Group = "rbac.authorization.k8s.io";
    public const string ClusterRoles = "clusterroles";
    public const string ClusterBindings = "clusterrolebindings";
    public const string OfNamespaces = "roles";
    public const string Bindings = "rolebindings";

    public const string AccountPrefix = "system:serviceaccount:";

    private static readonly string[] Plurals = [ClusterRoles, ClusterBindings, OfNamespaces, Bindings];

    /// <summary>Worked out anew after each change of a role or a binding:
    /// a thousand namespaces have a thousand of them.</summary>
    private readonly ConcurrentDictionary<(string User, string Namespace, long Version),
        IReadOnlyList<JsonNode>> known = new();

    /// <summary>Throws 403 in the API server's words.</summary>
    public void Demand(string user, ApiRequest request, Target target, bool isWatch)
    {
        if (!user.StartsWith(AccountPrefix, StringComparison.Ordinal))
        {
            return;
        }

        var rules = RulesOf(user, target.Resource.Namespaced ? target.Namespace ?? "" : "");
        var resource = target.Subresource.Length > 0 ? $"{target.Resource.Plural}/{target.Subresource}"
            : target.Resource.Plural;
        foreach (var verb in VerbsOf(request, target, isWatch))
        {
            if (!rules.Any(rule => Allows(rule, verb, target.Resource.Group, resource)))
            {
                var where = target.Namespace is { } ns && target.Resource.Namespaced ? $" in the namespace \"{ns}\""
                    : " at the cluster scope";
                throw new ApiError(
                    403, "Forbidden",
                    $"{target.Resource.Qualified}{(target.Name is { } name ? $" \"{name}\"" : "")} is forbidden: User "
                        + $"\"{user}\" cannot {verb} resource \"{resource}\" in API group "
                        + $"\"{target.Resource.Group}\"{where}");
            }
        }
    }

    /// <summary>Whether somebody may do this with a path that is no object's.</summary>
    public bool MayGo(string user, string verb, string path) =>
        RulesOf(user, "").Any(rule => Has(rule, "verbs", verb) && Has(rule, "nonResourceURLs", path));

    /// <summary>An apply of what is not there takes the right to create besides.</summary>
    private IEnumerable<string> VerbsOf(ApiRequest request, Target target, bool isWatch)
    {
        var isApply = request is { Method: "PATCH", ContentType: "application/apply-patch+yaml" };
        return request.Method switch
        {
            "GET" => [isWatch ? "watch" : target.Name is null ? "list" : "get"],
            "POST" => ["create"],
            "PATCH" when isApply && target.Subresource.Length == 0
                && store.Get(target.Resource, target.Key) is null => ["patch", "create"],
            "PATCH" => ["patch"],
            "DELETE" => ["delete"],
            _ => ["update"],
        };
    }

    /// <param name="user">A service account.</param>
    /// <param name="ns">Empty where all of them are meant, or none.</param>
    private IReadOnlyList<JsonNode> RulesOf(string user, string ns)
    {
        var version = Plurals.Max(plural => store.Touched(Kind(plural)));
        if (known.Select(entry => entry.Key).FirstOrDefault() is { User: not null } old && old.Version < version)
        {
            known.Clear();
        }

        return known.GetOrAdd((user, ns, version), _ =>
        [
            .. All(ClusterBindings)
                .Concat(ns.Length == 0 ? []
                    : All(Bindings).Where(binding => (string?)binding["metadata"]!["namespace"] == ns))
                .Where(binding => Names(binding, user))
                .SelectMany(binding => RoleOf(binding)?["rules"]?.AsArray() ?? []).OfType<JsonNode>(),
        ]);
    }

    private JsonObject? RoleOf(JsonObject binding)
    {
        var (kind, name) = ((string?)binding["roleRef"]!["kind"], (string)binding["roleRef"]!["name"]!);
        return kind == "Role"
            ? store.Get(Kind(OfNamespaces), Writes.Key((string?)binding["metadata"]!["namespace"] ?? "", name))?.Object
            : store.Get(Kind(ClusterRoles), Writes.Key("", name))?.Object;
    }

    private static bool Names(JsonObject binding, string user) => binding["subjects"]?.AsArray().Any(subject =>
        (string?)subject!["kind"] == "ServiceAccount"
            && $"{AccountPrefix}{(string?)subject["namespace"]}:{(string?)subject["name"]}" == user) == true;

    private static bool Allows(JsonNode rule, string verb, string group, string resource) =>
        Has(rule, "verbs", verb) && Has(rule, "apiGroups", group) && Has(rule, "resources", resource);

    private static bool Has(JsonNode rule, string field, string word) =>
        rule[field]?.AsArray().Any(one => (string?)one == word) == true;

    private IEnumerable<JsonObject> All(string plural) => store.All([Kind(plural)]).Select(entry => entry.Object);

    private Resource Kind(string plural) => catalog.Find(Group, "v1", plural);
}
