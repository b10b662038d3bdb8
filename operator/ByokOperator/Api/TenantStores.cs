using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>Where the tenant's stores may stand.</summary>
public sealed record TenantStores
{
    /// <summary>Of buckets, and of the platform's keys that imported material goes into.</summary>
    public IReadOnlyList<string> AwsRegions { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<TenantStoresAzure> Azure { get; init => field = Entries.Of(value); } = [];

    /// <summary>What a spec may name its bucket; a derived name needs no leave.</summary>
    public IReadOnlyList<string> BucketNames { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<string> AccountNames { get; init => field = Entries.Of(value); } = [];

    public TenantStoresPrincipals? DataPrincipals { get; init; }
}

public sealed record TenantStoresAzure
{
    public string SubscriptionId { get; init => field = value ?? ""; } = "";

    public string ResourceGroup { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> Locations { get; init => field = Entries.Of(value); } = [];
}

/// <summary>Whom the tenant's workloads use the data as.</summary>
public sealed record TenantStoresPrincipals
{
    public string? Aws { get; init; }

    public string? Azure { get; init; }
}
