using Kube.Core;

namespace ByokOperator.Api;

/// <summary>For people: nothing reads it back to decide.</summary>
public sealed record TenantStatus
{
    public long? ObservedGeneration { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init => field = [.. (value ?? []).OfType<Condition>()]; } = [];

    public int? Keys { get; init; }

    public int? Stores { get; init; }

    /// <summary>Stores that are closed or closing.</summary>
    public int? Closed { get; init; }

    public IReadOnlyList<TenantStatusInstance>? Instances { get; init; }

    /// <summary>Shared places that no store takes its data from.</summary>
    public IReadOnlyList<string>? Uncovered { get; init; }

    public string? LastHandledReconcileAt { get; init; }
}

/// <summary>What stands in one of the tenant's namespaces.</summary>
public sealed record TenantStatusInstance
{
    public string Namespace { get; init => field = value ?? ""; } = "";

    public string Instance { get; init => field = value ?? ""; } = "";

    public int Keys { get; init; }

    public int Stores { get; init; }

    public int Open { get; init; }

    public int Closed { get; init; }
}
