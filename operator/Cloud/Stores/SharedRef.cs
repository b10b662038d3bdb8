namespace Cloud.Stores;

/// <summary>Where a tenant's data lives without BYOK: a prefix of a shared store,
/// or on Azure a whole container.</summary>
/// <param name="Store">The bucket, or the account's container.</param>
/// <param name="Prefix">Ends in a slash; empty where it is all of the container
/// but the operator's own <c>.byok/</c>.</param>
public sealed record SharedRef(StoreRef Store, string Prefix)
{
    public bool IsWhole => Prefix.Length == 0;

    /// <summary>It is a dedicated store, which holds nobody else's: all of it may be meant.</summary>
    public bool IsOwn { get; init; }

    /// <summary>A prefix that ends in no slash would take neighbours along; of a shared bucket there is always
    /// one.</summary>
    public bool IsSound => Prefix.EndsWith('/') || (IsWhole && (IsOwn || Store.Cloud == CloudKind.Azure));
}
