namespace Kube.Core;

/// <summary>Where a kind lives in the API. The one place a plural is spelled.</summary>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced = true)
{
    /// <summary><c>v1</c> for the core group, else <c>group/version</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The URL path of the collection, of one object, or of its subresource. No query, no host.</summary>
    /// <exception cref="KubeException">A name is a step of dots, which would lead to another object.</exception>
    public string Path(string? ns, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var scope = Namespaced && !string.IsNullOrEmpty(ns) ? $"/namespaces/{Step(ns)}" : "";
        return root + scope + $"/{Plural}"
            + (name is null ? "" : $"/{Step(name)}")
            + (subresource is null ? "" : $"/{subresource}");
    }

    /// <summary>Whoever shortens paths does it before he unescapes them, or after: such a step can't be sent.</summary>
    private string Step(string name) =>
        name is "." or ".." ? throw KubeException.BadName(this, name) : Uri.EscapeDataString(name);
}
