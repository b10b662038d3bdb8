using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>The subresource <c>scale</c>: an object of another kind, with nothing of the pod template in it.</summary>
internal static class Scales
{
    public const string Subresource = "scale";

    public static JsonObject Of(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[field] = workload["metadata"]![field]?.DeepClone();
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = ReplicasOf(workload) },
            ["status"] = new JsonObject { ["replicas"] = (int?)workload["status"]?["replicas"] ?? 0 },
        };
    }

    /// <summary>The workload with the replicas of a patched scale;
    /// whatever else the patch says is none of a scale's.</summary>
    public static JsonObject Patched(JsonObject workload, JsonObject patch)
    {
        var scale = Patches.Merge(Of(workload), patch);
        var next = workload.DeepClone().AsObject();
        foreach (var field in new[] { "uid", "resourceVersion" })
        {
            next["metadata"]![field] = scale["metadata"]![field]?.DeepClone();
        }

        var spec = next["spec"]?.AsObject() ?? [];
        spec["replicas"] = (int?)scale["spec"]?["replicas"] ?? 0;
        next["spec"] ??= spec;
        return next;
    }

    /// <summary>One, where nothing is said.</summary>
    private static int ReplicasOf(JsonObject workload) => (int?)workload["spec"]?["replicas"] ?? 1;
}
