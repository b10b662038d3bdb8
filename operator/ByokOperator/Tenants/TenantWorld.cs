using ByokOperator.Reconciling;

namespace ByokOperator.Tenants;

/// <summary>What one reconcile of a Tenant looked at. No field comes from the status we wrote last time.</summary>
internal sealed record TenantWorld
{
    /// <summary>Field and mend, one sentence each; empty means valid.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>What touches what another Tenant names.</summary>
    public required Fact<IReadOnlyList<string>> Overlaps { get; init; }

    /// <summary>What it lacks to be of any use; empty where keys and stores may be begun.</summary>
    public required string Lacks { get; init; }

    /// <summary>Its namespaces that are not there.</summary>
    public required Fact<IReadOnlyList<string>> Missing { get; init; }

    /// <summary>What can't come of its consents to take something back.</summary>
    public Fact<Adoptions> Adoptions { get; init; } = Fact.Seen(Tenants.Adoptions.None);
}
