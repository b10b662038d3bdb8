namespace Cloud.Stores;

/// <summary>Whose a store is.</summary>
public enum StoreOwnership
{
    /// <summary>Nothing stands under that name.</summary>
    Absent,

    /// <summary>Our account, our ownership tag, this owner.</summary>
    Ours,

    /// <summary>Somebody else's: another account, no tag, or another owner's tag. Never touched.</summary>
    Stranger,
}
