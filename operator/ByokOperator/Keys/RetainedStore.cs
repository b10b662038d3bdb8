using Cloud.Stores;

namespace ByokOperator.Keys;

/// <summary>A bucket or an account that outlived its store object.</summary>
/// <param name="Owner">The value on its ownership tag: the store's UID.</param>
internal sealed record RetainedStore(StoreRef Store, string Owner);
