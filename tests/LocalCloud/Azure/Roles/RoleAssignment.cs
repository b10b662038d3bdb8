namespace LocalCloud.Azure.Roles;

/// <summary>A role for a principal, at a scope and below. It counts between two times,
/// which lag behind its making and its removal.</summary>
internal sealed record RoleAssignment(string Name, string Scope, RoleDefinition Role, string PrincipalId)
{
    public RoleCondition? Condition { get; init; }

    public DateTimeOffset Made { get; init; }

    public DateTimeOffset CountsFrom { get; init; }

    public DateTimeOffset CountsUntil { get; init; } = DateTimeOffset.MaxValue;

    public bool Removed { get; init; }

    public bool Covers(string resource) =>
        resource.StartsWith(Scope, StringComparison.OrdinalIgnoreCase)
            && (resource.Length == Scope.Length || Scope.EndsWith('/') || resource[Scope.Length] == '/');
}
