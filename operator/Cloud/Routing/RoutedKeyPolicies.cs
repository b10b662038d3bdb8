using Cloud.Keys;

namespace Cloud.Routing;

/// <summary>Each key's required policy in its own cloud's words.</summary>
public sealed class RoutedKeyPolicies(Choice<IKeyPolicies> clouds) : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, string? tenant = null) => clouds.For(key.Cloud).RequiredPolicy(key, tenant);

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, string? tenant = null) => clouds.For(key.Cloud).Documents(key, tenant);
}
