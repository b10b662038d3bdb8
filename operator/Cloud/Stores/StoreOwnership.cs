namespace Cloud.Stores;

/// <summary>Whose a store is. Only what is <see cref="Ours"/> is ever changed, with one exception: closing (see
/// <see cref="DenialOrder"/>).</summary>
public enum StoreOwnership
{
    /// <summary>Nothing stands under that name.</summary>
    Absent,

    /// <summary>Our account, our ownership tag, this owner.</summary>
    Ours,

    /// <summary>
    /// An earlier object's of the same tenant, namespace and name, which the caller says may be taken back
    /// (<see cref="StoreSpec.Takes"/>). Treated as a stranger's but for closing and for
    /// <see cref="IObjectStores.AdoptAsync"/>.
    /// </summary>
    Earlier,

    /// <summary>Somebody else's: another account, or another owner's tag. Never touched.</summary>
    Stranger,

    /// <summary>In our account, and no tag says whose: somebody took ours away, or it never bore one. Treated as a
    /// stranger's but for closing.</summary>
    Unmarked,

    /// <summary>We may not see its tags: another account's, or ours without the right.
    /// Treated as a stranger's but for closing.</summary>
    Forbidden,
}
