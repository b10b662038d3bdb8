using System.Text.Json;
using System.Text.Json.Nodes;

namespace ByokOperator.Reports.Signing;

/// <summary>A report's text and its signature, as they stand beside each other.</summary>
/// <param name="Signature">See <see cref="ReportSignature"/>; null where none stands.</param>
internal sealed record SignedReport(string Text, string? Signature)
{
    /// <summary>Which report a document says that it is, of whatever version; null where it says nothing of the kind.
    /// Anybody may have written it.</summary>
    public static ReportPlace? Place(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject report && report["store"] is JsonObject store
                && report["chain"] is JsonObject chain
                && chain.Deserialize(ReportJson.Default.ReportLink) is { Id: { Length: > 0 }, Sequence: > 0 } link
                    ? new ReportPlace((string?)store["namespace"] ?? "", (string?)store["name"] ?? "",
                        (string?)store["uid"] ?? "", (string?)report["generatedAt"] ?? "", link)
                    : null;
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Which report of which store.</summary>
/// <param name="Uid">Of the store's object: another one of its name has reports of its own.</param>
/// <param name="WrittenAt">As it stands there.</param>
internal sealed record ReportPlace(string Namespace, string Name, string Uid, string WrittenAt, ReportLink Link);
