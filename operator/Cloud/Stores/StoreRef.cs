namespace Cloud.Stores;

/// <summary>Where a store is: on AWS a region and a bucket.</summary>
public sealed record StoreRef(string Region, string Name);
