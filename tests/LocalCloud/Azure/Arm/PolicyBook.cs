using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Arm;

/// <summary>Azure Policy's denials: by name, for a type of resource, perhaps in one location only. And locations a
/// subscription may not use.</summary>
internal sealed class PolicyBook
{
    private readonly ConcurrentDictionary<string, (string Type, string? Location, string? Property)> denials =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Subscription, string Location), bool> forbidden = new();

    /// <param name="policy">Its name.</param>
    /// <param name="type">Of the resources it is about.</param>
    /// <param name="location">Null: everywhere.</param>
    /// <param name="property">Denies only writes that name it, such as <c>publicNetworkAccess</c>; null: all.</param>
    public void Deny(string policy, string type, string? location, string? property = null) =>
        denials[policy] = (type, location, property);

    public bool Allow(string policy) => denials.TryRemove(policy, out _);

    public void Forbid(string subscription, string location) => forbidden[(subscription, location)] = true;

    public void DemandAllowed(string name, string type, string subscription, string location, JsonObject? body = null)
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
            if (string.Equals(denial.Type, type, StringComparison.OrdinalIgnoreCase)
                && (denial.Location is null || denial.Location == location)
                && (denial.Property is null || body?[denial.Property] is not null
                    || body?["properties"]?[denial.Property] is not null))
            {
                throw ArmProblems.Disallowed(name, policy);
            }
        }
    }
}
