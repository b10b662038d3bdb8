namespace ByokOperator.Stores;

/// <summary>Whose the place is that the store's name points at.</summary>
internal enum TargetOwnership
{
    Absent,
    Ours,

    /// <summary>Never touched, whatever else is true.</summary>
    Stranger,
}
