namespace Cloud.Keys;

/// <summary>What the cloud said to a material. Whatever kept it from judging
/// is a <see cref="CloudException"/> instead.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome()
    {
    }

    /// <summary>The key works with this material. <paramref name="MaterialId"/>
    /// is null where the cloud tells none.</summary>
    public sealed record Imported(string? MaterialId) : ImportOutcome;

    /// <summary>The key was given other material before, and takes only that again.</summary>
    public sealed record IncorrectMaterial : ImportOutcome;

    public sealed record KeyPendingDeletion : ImportOutcome;

    /// <summary>An administrator switched the key off; material is taken once it is on again.</summary>
    public sealed record KeyDisabled : ImportOutcome;

    /// <summary>There is no such key: deleted for good, or never ours.</summary>
    public sealed record KeyMissing : ImportOutcome;

    /// <summary>The cloud takes no such material, and never will. The message names the mend.</summary>
    public sealed record Refused(string Code, string Message) : ImportOutcome;
}
