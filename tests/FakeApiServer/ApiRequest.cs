using System.Text.Json.Nodes;

namespace FakeApiServer;

/// <summary>What a request asks, whatever brought it.</summary>
internal sealed record ApiRequest(string Method, string[] Path, Func<string, string?> Query)
{
    /// <summary>Without parameters; null where there is no body.</summary>
    public string? ContentType { get; init; }

    /// <summary>The first word of the user agent: who a write is owned by that names no manager.</summary>
    public string Agent { get; init; } = "";

    public bool MetadataOnly { get; init; }

    public JsonNode? Body { get; init; }
}
