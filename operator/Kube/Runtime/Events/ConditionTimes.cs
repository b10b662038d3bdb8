using System.Text.Json.Nodes;
using Kube.Core.Json;

namespace Kube.Runtime.Events;

/// <summary>The one rule of conditions, applied to any status:
/// <c>lastTransitionTime</c> moves only when <c>status</c> does.</summary>
internal static class ConditionTimes
{
    private const string Conditions = "conditions";
    private const string TransitionTime = "lastTransitionTime";

    /// <summary>Removes the times, so that two statuses that say the same are the same.</summary>
    public static void Drop(JsonNode? status)
    {
        foreach (var condition in Of(status))
        {
            condition.Remove(TransitionTime);
        }
    }

    /// <summary>Sets the times in <paramref name="wanted"/> to those that <paramref name="before"/>
    /// justifies.</summary>
    public static void Keep(JsonNode? wanted, JsonNode? before, DateTimeOffset now)
    {
        foreach (var condition in Of(wanted))
        {
            var same = Of(before).FirstOrDefault(old => Text(old, "type") == Text(condition, "type"));
            var kept = same is not null && Text(same, "status") == Text(condition, "status")
                ? Text(same, TransitionTime) : null;
            condition[TransitionTime] = kept ?? TimeJson.Text(now);
        }
    }

    private static IEnumerable<JsonObject> Of(JsonNode? status) =>
        status is JsonObject && status[Conditions] is JsonArray conditions ? conditions.OfType<JsonObject>() : [];

    private static string? Text(JsonObject condition, string name) => condition[name]?.GetValue<string>();
}
