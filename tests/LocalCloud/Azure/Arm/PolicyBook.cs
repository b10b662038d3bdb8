using System.Collections.Concurrent;

namespace LocalCloud.Azure.Arm;

/// <summary>Azure Policy's denials: by name, for a type of resource, perhaps in one location only. And locations a subscription may not use.</summary>
internal sealed class PolicyBook
{
    private readonly ConcurrentDictionary<string, (string Type, string? Location)> denials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Subscription, string Location), bool> forbidden = new();

    public void Deny(string policy, string type, string? location) => denials[policy] = (type, location);

    public bool Allow(string policy) => denials.TryRemove(policy, out _);

    public void Forbid(string subscription, string location) => forbidden[(subscription, location)] = true;

    public void DemandAllowed(string name, string type, string subscription, string location)
    {
        if (!Locations.All.Contains(location))
        {
            throw ArmProblems.LocationNotAvailable(location, type);
        }

        if (forbidden.ContainsKey((subscription, location)))
        {
            throw ArmProblems.LocationNotAllowed(name);
        }

        foreach (var (policy, denial) in denials)
        {
            if (string.Equals(denial.Type, type, StringComparison.OrdinalIgnoreCase) && (denial.Location is null || denial.Location == location))
            {
                throw ArmProblems.Disallowed(name, policy);
            }
        }
    }
}
