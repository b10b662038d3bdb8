using Cloud.Keys;

namespace Cloud.Routing;

/// <summary>Each key's required policy in its own cloud's words.</summary>
public sealed class RoutedKeyPolicies(Choice<IKeyPolicies> clouds) : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, KeyBinding? binding = null) =>
        clouds.For(key.Cloud).RequiredPolicy(key, binding);

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, KeyBinding? binding = null) =>
        clouds.For(key.Cloud).Documents(key, binding);
}
