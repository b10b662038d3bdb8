using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>What a tenant must allow, in a line.</summary>
internal sealed class SimPolicies : IKeyPolicies
{
    public string RequiredPolicy(KeyRef key, KeyBinding? binding = null) => $"let the platform use {key.Id}";

    public IReadOnlyDictionary<string, string> Documents(KeyRef key, KeyBinding? binding = null) =>
        new Dictionary<string, string> { [$"{key.Region}.json"] = RequiredPolicy(key, binding) };
}
