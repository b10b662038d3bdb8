using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;

namespace Charts.Tests.GitOps;

/// <summary>One file of testdata: an object in a state that the operator writes.</summary>
internal sealed record SeenState(string Kind, string Name, JsonNode Content)
{
    public static readonly IReadOnlyList<string> Kinds = ["Tenant", "TenantEncryptionKey", "EncryptedStore"];

    public static IReadOnlyList<SeenState> All { get; } = [.. Kinds.SelectMany(Of)];

    public string? Ready => Condition("Ready");

    public bool IsStalled => Condition("Stalled") == "True";

    public bool IsDeleting => Content["metadata"]!["deletionTimestamp"] is not null;

    /// <summary>The status speaks of this spec.</summary>
    public bool IsObserved =>
        (long?)Content["status"]?["observedGeneration"] == (long?)Content["metadata"]!["generation"];

    public string? Availability => (string?)Content["status"]?["availability"];

    public string? ClosedReason => (string?)Content["status"]?["closedReason"];

    public string? Verdict => (string?)Content["status"]?["verdict"];

    /// <summary>What Git says about the key has been done, and it is to be revoked.</summary>
    public bool IsRevokedAsAsked =>
        (Kind == "TenantEncryptionKey" && Verdict == "Revoked" && (string?)Content["spec"]!["state"] == "Revoked")
            || (Availability == "Closed" && ClosedReason == "RevokedByTenant");

    public static string Folder(string kind) =>
        Repository.PathTo("integrations", "argocd", "resource_customizations", "byok.dev", kind);

    public string? Condition(string type) =>
        (string?)Content["status"]?["conditions"]?.AsArray()
            .FirstOrDefault(one => (string?)one!["type"] == type)?["status"];

    private static IEnumerable<SeenState> Of(string kind) =>
        Directory.EnumerateFiles(Path.Combine(Folder(kind), "testdata"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(path =>
                new SeenState(kind, Path.GetFileNameWithoutExtension(path),
                    Yaml.Parse(File.ReadAllText(path)).Single()));
}
