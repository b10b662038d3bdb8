using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>Where the tenant's data lives without BYOK.</summary>
public sealed record TenantShared
{
    public IReadOnlyList<TenantSharedAws> Aws { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<TenantSharedAzure> Azure { get; init => field = Entries.Of(value); } = [];
}

public sealed record TenantSharedAws
{
    public string Bucket { get; init => field = value ?? ""; } = "";

    /// <summary>Ends in a slash, so that acme/ does not take acme-2/ along.</summary>
    public string Prefix { get; init => field = value ?? ""; } = "";
}

public sealed record TenantSharedAzure
{
    public string AccountName { get; init => field = value ?? ""; } = "";

    public string Container { get; init => field = value ?? ""; } = "";

    /// <summary>Left out: the whole container.</summary>
    public string? Prefix { get; init; }
}
