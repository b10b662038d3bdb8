namespace Cloud.Stores;

/// <summary>What closing has to know of a store, and nothing else.</summary>
/// <param name="Ownership">Null where nobody could tell.</param>
/// <param name="IsDenied">Read back: nobody but the operator gets in.</param>
/// <param name="SettlesAt">When what was taken away with it counts everywhere; null where all counts at once.</param>
public sealed record DenialLook(StoreOwnership? Ownership, bool IsDenied, DateTimeOffset? SettlesAt);
