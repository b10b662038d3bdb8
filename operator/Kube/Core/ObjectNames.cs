using System.Text.RegularExpressions;

namespace Kube.Core;

/// <summary>What an API server takes for a name. Whatever comes from elsewhere
/// is asked here before it stands in an address or a manifest.</summary>
public static partial class ObjectNames
{
    private const int LongestName = 253;

    /// <summary>Of a namespace: a DNS label.</summary>
    public static bool IsNamespace(string text) => Label().IsMatch(text);

    /// <summary>Of most other objects: a DNS subdomain.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= LongestName && Subdomain().IsMatch(text);
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex Subdomain();
}
