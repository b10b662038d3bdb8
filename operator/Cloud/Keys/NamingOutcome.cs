namespace Cloud.Keys;

/// <summary>What came of claiming an owner's name in a region.</summary>
public abstract record NamingOutcome
{
    private NamingOutcome()
    {
    }

    /// <summary>The name points to this key, since now or before.</summary>
    public sealed record Named : NamingOutcome;

    /// <summary>The name points to another key: that one is the owner's, and the one offered is surplus.</summary>
    public sealed record TakenBy(ImportedKey Holder) : NamingOutcome;
}
