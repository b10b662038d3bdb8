namespace Cloud.Stores;

/// <summary>Where a tenant's data lives without BYOK: a prefix (never empty, ends in a slash) of a shared store.</summary>
public sealed record SharedRef(StoreRef Store, string Prefix);
