using Cloud.Keys;

namespace Cloud.Stores;

/// <summary>Where a store is: on AWS a region and a bucket, on Azure a location and <c>account/container</c>.</summary>
public sealed record StoreRef(string Region, string Name)
{
    public CloudKind Cloud { get; init; }

    /// <summary>On Azure <c>subscriptionId/resourceGroup</c>, which the control plane finds the account by;
    /// null on AWS.</summary>
    public string? Scope { get; init; }

    /// <summary>
    /// Others may write there beside us, and what they make is not to be written over or deleted. Where a cloud's fence
    /// holds only what stands already, whatever a copy makes is held at once,
    /// and only what is held is ever written or deleted again.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>Which of a key's regions serves it.</summary>
    public string KeyRegion => Cloud == CloudKind.Azure ? KeyRef.AnyRegion : Region;

    /// <summary>What people call such a place.</summary>
    public string Noun => Cloud == CloudKind.Azure ? "container" : "bucket";
}
