using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>An answer that is a Status; the sentences are the apiserver's.</summary>
internal sealed class ApiError(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    public static ApiError NotFound(Resource resource, string name) =>
        new(404, "NotFound", $"{resource.Qualified} \"{name}\" not found", About(resource, name));

    public static ApiError AlreadyExists(Resource resource, string name) =>
        new(409, "AlreadyExists", $"{resource.Qualified} \"{name}\" already exists", About(resource, name));

    public static ApiError Conflict(Resource resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource.Qualified} \"{name}\": {why}",
            About(resource, name));

    public static ApiError Invalid(string message) => new(422, "Invalid", message);

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError Expired(long asked, long oldest) =>
        new(410, "Expired", $"too old resource version: {asked} ({oldest})");

    public static ApiError ApplyConflict(
        Resource resource, string name, IReadOnlyList<(string Manager, string Field)> conflicts)
    {
        var causes = new JsonArray();
        foreach (var (manager, field) in conflicts)
        {
            causes.Add(
                (JsonNode)new JsonObject
                {
                    ["reason"] = "FieldManagerConflict",
                    ["message"] = $"conflict with \"{manager}\"",
                    ["field"] = field,
                });
        }

        var details = About(resource, name);
        details["causes"] = causes;
        var list =
            string.Join(", ", conflicts.Select(conflict => $"conflict with \"{conflict.Manager}\": {conflict.Field}"));
        return new ApiError(409, "Conflict", $"Apply failed with {conflicts.Count} conflict(s): {list}", details);
    }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure",
            ["message"] = Message, ["reason"] = reason, ["code"] = code,
        };
        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        return status;
    }

    private static JsonObject About(Resource resource, string name) =>
        new() { ["name"] = name, ["group"] = resource.Group, ["kind"] = resource.Plural };
}
