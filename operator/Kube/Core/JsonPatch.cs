using System.Text.Json.Nodes;

namespace Kube.Core;

/// <summary>An RFC 6902 patch. A failed <c>test</c> refuses the whole of it (422),
/// so a patch carries its precondition.</summary>
public sealed record JsonPatch
{
    private readonly IReadOnlyList<Operation> operations = [];

    public static JsonPatch Empty { get; } = new();

    public bool IsEmpty => operations.Count == 0;

    /// <summary>The value at the path must be this; null also matches a path that is not there.</summary>
    public JsonPatch Test(string path, JsonNode? value) => With(new Operation("test", path, value));

    public JsonPatch Add(string path, JsonNode? value) => With(new Operation("add", path, value));

    public JsonPatch Replace(string path, JsonNode? value) => With(new Operation("replace", path, value));

    public JsonPatch Remove(string path) => With(new Operation("remove", path, null));

    public JsonArray ToJson() => new([.. operations.Select(operation => operation.ToJson())]);

    /// <summary>One segment of a path, escaped.</summary>
    public static string Escape(string segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }

    private JsonPatch With(Operation operation) => new([.. operations, operation]);

    private JsonPatch(IReadOnlyList<Operation> operations) => this.operations = operations;

    private JsonPatch()
    {
    }

    private sealed record Operation(string Op, string Path, JsonNode? Value)
    {
        public JsonObject ToJson()
        {
            var json = new JsonObject { ["op"] = Op, ["path"] = Path };
            if (Op != "remove")
            {
                json["value"] = Value?.DeepClone();
            }

            return json;
        }
    }
}
