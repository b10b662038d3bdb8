namespace ByokOperator.Stores;

/// <summary>Whose the place is that the store's name points at.</summary>
internal enum StoreOwnership
{
    Absent,
    Ours,

    /// <summary>An earlier object's of the same names: closed like ours,
    /// and else a stranger's until it is taken back.</summary>
    Earlier,

    /// <summary>Never touched, whatever else is true.</summary>
    Stranger,

    /// <summary>In our account and nobody's by its tags: a stranger's but for closing.</summary>
    Unmarked,

    /// <summary>We may not see whose it is: a stranger's but for closing.</summary>
    Forbidden,
}
