namespace ByokOperator.Reports;

/// <summary>A report's place among the reports of its store: what a lost or an exchanged one is found by.</summary>
/// <param name="Id">Of the chain, hexadecimal; a new one begins only where <see cref="Begins"/> says why.</param>
/// <param name="Sequence">From 1 on; no number is left out and none is given twice.</param>
internal sealed record ReportLink(string Id, long Sequence)
{
    /// <summary>SHA-256 of the report before it, hexadecimal; absent in the first one.</summary>
    public string? Previous { get; init; }

    /// <summary>In the first one alone.</summary>
    public ReportLinkBegin? Begins { get; init; }
}

/// <summary>Why a chain begins.</summary>
/// <param name="Reason">One of the constants here.</param>
internal sealed record ReportLinkBegin(string Reason)
{
    /// <summary>The first report of the store's object.</summary>
    public const string First = "First";

    /// <summary>The key that reports are signed with is another one than before.</summary>
    public const string KeyReplaced = "KeyReplaced";

    /// <summary>The operator's own record of the chain is gone, or is none of this installation's.</summary>
    public const string RecordLost = "RecordLost";

    /// <summary>A report stands that is newer than the operator's own record of the chain.</summary>
    public const string RecordRestored = "RecordRestored";

    /// <summary>The last report that is known of the chain before; absent where there is none.</summary>
    public ReportLinkEnd? After { get; init; }
}

/// <summary>The last report of an earlier chain.</summary>
/// <param name="Id">Of that chain.</param>
/// <param name="Sequence">Of that report.</param>
/// <param name="Digest">SHA-256 of that report, hexadecimal.</param>
/// <param name="KeyId">What it was signed with.</param>
internal sealed record ReportLinkEnd(string Id, long Sequence, string Digest, string KeyId);
