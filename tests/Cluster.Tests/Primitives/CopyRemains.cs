using System.Text.Json.Nodes;

namespace Cluster.Tests.Primitives;

/// <summary>What is left of copies in the operator's namespace, in few words: for a failure's message.</summary>
internal static class CopyRemains
{
    private const int Most = 4;

    /// <summary>A line for the Jobs and one for their pods: how many, and some of them with what holds them.</summary>
    public static async Task<string> TellAsync(Kubectl administrator) =>
        $"{await TellAsync(administrator, "jobs")}\n{await TellAsync(administrator, "pods")}";

    private static async Task<string> TellAsync(Kubectl administrator, string kind)
    {
        var found = await administrator.TryAsync("get", kind, "-o", "json", "-n", OperatorManifests.Namespace, "-l",
            "byok.dev/child=copy");
        if (!found.Succeeded)
        {
            return $"{kind}: {found.Error}";
        }

        var items = JsonNode.Parse(found.Output)!["items"]!.AsArray();
        return $"{items.Count} {kind}: {string.Join("; ", items.Take(Most).Select(item => Tell(item!)))}";
    }

    private static string Tell(JsonNode item)
    {
        var metadata = item["metadata"]!;
        var state = item["status"]?["phase"] ?? item["status"]?["conditions"]?.AsArray().LastOrDefault()?["type"];
        return $"{metadata["name"]}, {state ?? "no state"}, "
            + $"deleted at {metadata["deletionTimestamp"] ?? "never"}, finalizers "
            + $"{metadata["finalizers"]?.ToJsonString() ?? "none"}";
    }
}
