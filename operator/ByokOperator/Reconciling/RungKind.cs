namespace ByokOperator.Reconciling;

/// <summary>What a rung's finding means for the summary conditions.</summary>
public enum RungKind
{
    Holds,

    /// <summary>Not yet, as asked.</summary>
    Deferred,
    Working,
    Unseen,
    Stuck,
}
