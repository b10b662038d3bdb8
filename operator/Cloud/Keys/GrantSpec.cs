namespace Cloud.Keys;

/// <summary>A grant of ours on a tenant's key, for the role that the workloads use.
/// Found again by <paramref name="Name"/>.</summary>
public sealed record GrantSpec(string Name, string GranteePrincipal);
