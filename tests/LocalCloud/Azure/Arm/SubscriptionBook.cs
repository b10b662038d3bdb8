using System.Collections.Concurrent;

namespace LocalCloud.Azure.Arm;

/// <summary>Subscriptions, the tenant of each, and their resource groups.</summary>
internal sealed class SubscriptionBook
{
    private readonly ConcurrentDictionary<string, string> tenants = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ResourceGroup> groups = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string subscription, string tenant) => tenants[subscription] = tenant;

    public string? TenantOf(string subscription) => tenants.GetValueOrDefault(subscription);

    public IEnumerable<string> In(string tenant) =>
        tenants.Where(one => string.Equals(one.Value, tenant, StringComparison.OrdinalIgnoreCase))
            .Select(one => one.Key).Order(StringComparer.Ordinal);

    public ResourceGroup AddGroup(string subscription, string name, string location) =>
        Put(new ResourceGroup(subscription, name, location));

    public ResourceGroup Put(ResourceGroup group) => groups[group.Id] = group;

    public ResourceGroup? FindGroup(string subscription, string name) =>
        groups.GetValueOrDefault($"/subscriptions/{subscription}/resourceGroups/{name}");

    public IEnumerable<ResourceGroup> GroupsOf(string subscription) =>
        groups.Values.Where(one => string.Equals(one.Subscription, subscription, StringComparison.OrdinalIgnoreCase))
            .OrderBy(one => one.Name, StringComparer.Ordinal);

    public bool RemoveGroup(ResourceGroup group) => groups.TryRemove(group.Id, out _);
}
