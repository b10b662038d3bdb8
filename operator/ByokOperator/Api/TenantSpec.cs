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

/// <summary>Where the keys may be that the tenant brings.</summary>
public sealed record TenantKeys
{
    public IReadOnlyList<string> AwsAccounts { get; init => field = Entries.Of(value); } = [];

    public IReadOnlyList<string> AzureDirectories { get; init => field = Entries.Of(value); } = [];

    /// <summary>The tenant's own, and those of the platform's that keys are imported into.</summary>
    public IReadOnlyList<string> Vaults { get; init => field = Entries.Of(value); } = [];
}

/// <summary>How many, and how often.</summary>
public sealed record TenantLimits
{
    /// <summary>Zero is what a field left out reads as.</summary>
    public int Keys { get; init => field = value is 0 ? 20 : value; } = 20;

    public int Stores { get; init => field = value is 0 ? 50 : value; } = 50;

    /// <summary>The shortest <c>spec.revocation.probeInterval</c> of a key.</summary>
    public string MinProbeInterval { get; init => field = value ?? "5s"; } = "5s";

    /// <summary>The longest <c>spec.revocation.maxStaleness</c> of a key.</summary>
    public string MaxStaleness { get; init => field = value ?? "24h"; } = "24h";

    /// <summary>Import requests within any 24 hours over all of the tenant's keys, used or not.</summary>
    public int ImportRequestsPerDay { get; init => field = value is 0 ? 20 : value; } = 20;
}
