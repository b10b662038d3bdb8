using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Tests.Contract;

/// <summary>A cloud with the operator's data plane on it, and what tenants and workloads do there meanwhile.</summary>
internal interface IObjectWorld
{
    IObjectData Objects { get; }

    /// <summary>A shared store of the platform's.</summary>
    Task<SharedRef> SharedAsync(bool versioned = false);

    /// <summary>A prepared store under a tenant's key.</summary>
    Task<StoreSpec> StoreAsync(bool versioned = false);

    /// <summary>A workload writes.</summary>
    Task PutAsync(StoreRef store, string key, string content);

    Task DisableAsync(KeyRef key);
}
