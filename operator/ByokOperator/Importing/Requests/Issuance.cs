namespace ByokOperator.Importing.Requests;

/// <summary>What became of asking for a request.</summary>
internal abstract record Issuance
{
    private Issuance()
    {
    }

    /// <summary>The token is shown here and never again.</summary>
    public sealed record Issued(ImportRequest Request, ImportToken Token) : Issuance;

    /// <summary>As many are open for this key as may be.</summary>
    /// <param name="FreeAt">When the first of them ends by itself.</param>
    public sealed record TooManyOpen(DateTimeOffset FreeAt) : Issuance;

    /// <summary>No platform wrapping key stands yet, or no pair was made in time: ask again in a while.</summary>
    public sealed record NotReady : Issuance;
}
