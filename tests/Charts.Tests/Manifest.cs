using System.Text.Json.Nodes;

namespace Charts.Tests;

/// <summary>One rendered object and what identifies it.</summary>
internal sealed record Manifest(string Kind, string Namespace, string Name, JsonNode Content)
{
    private static readonly string[] ClusterScoped =
    [
        "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Namespace", "Tenant",
        "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
    ];

    public string Id => $"{Kind} {(Namespace.Length > 0 ? Namespace + "/" : "")}{Name}";

    public bool IsNamespaced => !ClusterScoped.Contains(Kind);

    public static Manifest Of(JsonNode content)
    {
        var metadata = content["metadata"]!;
        return new((string)content["kind"]!, (string?)metadata["namespace"] ?? "", (string)metadata["name"]!, content);
    }
}
