using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;

namespace Cluster.Tests.Primitives;

/// <summary>What the shipped manifests let an account do, as <c>verb resource.group</c> each.</summary>
public static class GrantedRights
{
    /// <param name="path">Of a manifest under <c>examples/manifests</c>.</param>
    public static IReadOnlySet<string> In(params string[] path) =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo(["examples", "manifests", .. path])))
            .SelectMany(one => one["rules"]?.AsArray() ?? []).SelectMany(Of).ToHashSet();

    /// <summary>What this user may do in a namespace, as the server says, without what everybody may:
    /// to ask what he may.</summary>
    public static async Task<IReadOnlySet<string>> AskedAsync(Kubectl user, string space)
    {
        var answer = await user.WithInputAsync(
            $$$"""{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": "{{{space}}}"}}""", "create", "-f", "-", "-o", "json");
        return JsonNode.Parse(answer.Require())!["status"]!["resourceRules"]!.AsArray().SelectMany(Of)
            .Where(right => !right.Contains(" selfsubject", StringComparison.Ordinal)).ToHashSet();
    }

    public static string Name(string verb, string? group, string resource) =>
        string.IsNullOrEmpty(group) ? $"{verb} {resource}" : $"{verb} {resource}.{group}";

    private static IEnumerable<string> Of(JsonNode? rule) =>
        from @group in Words(rule, "apiGroups")
        from resource in Words(rule, "resources")
        from verb in Words(rule, "verbs")
        select Name(verb, @group, resource);

    private static IEnumerable<string> Words(JsonNode? rule, string field) =>
        rule?[field]?.AsArray().Select(word => (string)word!) ?? [];
}
