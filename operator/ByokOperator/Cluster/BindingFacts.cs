namespace ByokOperator.Cluster;

/// <summary>The binding as it stands.</summary>
/// <param name="Content">Digest of what it says.</param>
/// <param name="Receipt">Digest of the receipt it was switched on; null where nothing was migrated.</param>
internal sealed record BindingFacts(string Content, string? Receipt)
{
    /// <summary>It leads to the shared place, and so to nothing that the store could close.</summary>
    public bool NamesShared { get; init; }

    /// <summary>It is deleted already, and stands as long as somebody's finalizer does.</summary>
    public bool IsGoing { get; init; }
}
