using Kube.Core.Json;

namespace ByokOperator.Api;

public sealed record TenantSpec
{
    /// <summary>In a list: not bounded, in writing.</summary>
    public const string Anything = "*";

    public IReadOnlyList<TenantSpecNamespace> Namespaces { get; init => field = Entries.Of(value); } = [];

    public TenantKeys Keys { get; init => field = value ?? new(); } = new();

    public TenantShared Shared { get; init => field = value ?? new(); } = new();

    public TenantStores Stores { get; init => field = value ?? new(); } = new();

    public TenantLimits Limits { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<TenantSpecReleased> Released { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<TenantSpecAdopt> Adopt { get; init => field = Entries.Of(value); } = [];
}

/// <summary>Where a store was left, and where the platform deleted it: nothing is guarded there any more.</summary>
public sealed record TenantSpecReleased
{
    /// <summary>A bucket, a storage account.</summary>
    public string Place { get; init => field = value ?? ""; } = "";
}

/// <summary>A namespace that the tenant has, and what it is for.</summary>
public sealed record TenantSpecNamespace
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string Instance { get; init => field = value ?? "production"; } = "production";
}

/// <summary>Consent to take back what an earlier object of this namespace and name left: a store's place, or the
/// cloud's key of an imported one.</summary>
public sealed record TenantSpecAdopt
{
    public string Namespace { get; init => field = value ?? ""; } = "";

    /// <summary>Empty where it is a key.</summary>
    public string Store { get; init => field = value ?? ""; } = "";

    /// <summary>Empty where it is a store.</summary>
    public string Key { get; init => field = value ?? ""; } = "";

    /// <summary>Which the names in the clouds are made of: of the first object that had them.</summary>
    public string Uid { get; init => field = value ?? ""; } = "";
}
