using System.Globalization;
using System.Text.Json.Nodes;

namespace ByokOperator.Reports.Pages;

/// <summary>What a summary takes from a report, whatever version of it: what is not there, or is not what it should be,
/// is a dash.</summary>
internal sealed class ReportReading(JsonObject report)
{
    private const string Unknown = "-";

    public JsonObject Report { get; } = report;

    public string Store => $"{Text("store", "namespace")}/{Text("store", "name")}";

    public string Availability => Text("observed", "availability");

    public string Verdict => Text("key", "verdict");

    public string KeyId => Text("expected", "keyId");

    public string WrittenAt => Text("generatedAt");

    public IReadOnlyList<JsonObject> Deviations => [.. Items("deviations")];

    public IReadOnlyList<JsonObject> Unseen => [.. Items("unseen")];

    /// <summary>By key, with how much stands under it.</summary>
    public IReadOnlyList<(string Key, long Objects, long Bytes)> Census =>
        [.. Items("census")
            .Select(entry => (TextOf(entry["key"]), NumberOf(entry["objects"]), NumberOf(entry["bytes"])))];

    public long Own => Census.Where(entry => entry.Key == KeyId).Sum(entry => entry.Objects);

    public long Others => Census.Where(entry => entry.Key != KeyId).Sum(entry => entry.Objects);

    public static string TextOf(JsonNode? node) => node switch
    {
        null => Unknown,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray { Count: 0 } or JsonObject { Count: 0 } => "none",
        JsonArray items when items.All(item => item is JsonValue) => string.Join(", ", items.Select(TextOf)),
        _ => node.ToJsonString(),
    };

    private IEnumerable<JsonObject> Items(string field) => (Report[field] as JsonArray ?? []).OfType<JsonObject>();

    private string Text(params string[] path)
    {
        JsonNode? node = Report;
        foreach (var step in path)
        {
            node = (node as JsonObject)?[step];
        }

        return TextOf(node);
    }

    private static long NumberOf(JsonNode? node) =>
        long.TryParse(TextOf(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
