using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ByokOperator.Reports.Pages;

/// <summary>Reports as they were read, of any version, and what no report covers.</summary>
/// <param name="Scope">What was asked for, in a person's words: a store, a tenant, the fleet.</param>
/// <param name="Reports">Each as it stands in its ConfigMap.</param>
/// <param name="Uncovered">Shared places that no store takes its data from:
/// what lies there is not under a tenant's key.</param>
/// <param name="Missing">Stores without a report, and why.</param>
internal sealed record ReportSet(
    string Scope, IReadOnlyList<JsonObject> Reports, IReadOnlyList<string> Uncovered,
    IReadOnlyList<(string Store, string Why)> Missing)
{
    private static readonly JsonSerializerOptions indented = new(ReportJson.Default.Options) { WriteIndented = true };

    public DateTimeOffset AskedAt { get; init; }

    public string ToJson() => new JsonObject
    {
        ["scope"] = Scope,
        ["askedAt"] = AskedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["uncovered"] = new JsonArray([.. Uncovered.Select(place => JsonValue.Create(place))]),
        ["missing"] =
            new JsonArray([.. Missing.Select(one => new JsonObject { ["store"] = one.Store, ["why"] = one.Why })]),
        ["reports"] = new JsonArray([.. Reports.Select(report => report.DeepClone())]),
    }.ToJsonString(indented);
}
