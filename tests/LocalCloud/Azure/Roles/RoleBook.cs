using System.Collections.Concurrent;

namespace LocalCloud.Azure.Roles;

/// <summary>All role assignments of all tenants.</summary>
internal sealed class RoleBook(TimeProvider clock, AzureSwitches switches, ChangeMark changes)
{
    private readonly ConcurrentDictionary<string, RoleAssignment> assignments = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<RoleAssignment> All => assignments.Values.Where(one => !one.Removed).OrderBy(one => one.Made);

    /// <param name="principal">Who asks.</param>
    /// <param name="action">For what.</param>
    /// <param name="resource">Of which.</param>
    /// <param name="isData">It is an action on data.</param>
    /// <param name="attribute">What conditions are told of the resource; null for nothing.</param>
    public bool May(
        string principal, string action, string resource, bool isData, Func<string, string?>? attribute = null)
    {
        var now = clock.GetUtcNow();
        return assignments.Values.Any(one =>
            one.PrincipalId == principal && one.CountsFrom <= now && now < one.CountsUntil && one.Covers(resource)
                && one.Role.Allows(action, isData)
                && one.Condition?.Holds(action, attribute ?? (_ => null)) != false);
    }

    public RoleAssignment? Find(string name) =>
        assignments.GetValueOrDefault(name) is { Removed: false } found ? found : null;

    /// <returns>The same assignment under another name, or null when this one was added.</returns>
    public RoleAssignment? Add(
        string name, string scope, RoleDefinition role, string principal, bool atOnce = false,
        RoleCondition? condition = null)
    {
        var twin = All.FirstOrDefault(one =>
            one.PrincipalId == principal && one.Role.Id == role.Id
                && string.Equals(one.Scope, scope, StringComparison.OrdinalIgnoreCase));
        if (twin is not null && twin.Name != name)
        {
            return twin;
        }

        var now = clock.GetUtcNow();
        var added = twin
            ?? new RoleAssignment(name, scope, role, principal) { Made = now, CountsFrom = atOnce
                ? DateTimeOffset.MinValue : now + switches.RoleLag.Value };
        assignments[name] = added with { Condition = condition };
        return null;
    }

    public bool Remove(string name)
    {
        if (Find(name) is not { } found)
        {
            return false;
        }

        var until = clock.GetUtcNow() + switches.RoleLag.Value;
        assignments[name] = found with { Removed = true, CountsUntil = until };
        changes.Touch(until);
        return true;
    }

    public int RemoveWhere(Func<RoleAssignment, bool> which) =>
        All.Where(which).ToArray().Count(one => Remove(one.Name));
}
