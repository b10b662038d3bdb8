namespace ByokOperator.Reports.Verifying;

/// <summary>Something that is wrong with reports that were kept.</summary>
/// <param name="Kind">Which decides what a script is told.</param>
/// <param name="Sentence">For people, with the name of the file or of the store.</param>
internal sealed record ReportFinding(FindingKind Kind, string Sentence);

/// <summary>What can be wrong; the number is the exit code, and the lowest of several is the one that counts.</summary>
internal enum FindingKind
{
    /// <summary>The signature does not fit the text, or is none.</summary>
    Edited = 3,

    /// <summary>Signed with a key that was not given.</summary>
    OtherKey = 4,

    /// <summary>Numbers are missing, or two reports claim one place.</summary>
    Gap = 5,

    /// <summary>A report without its signature, or a signature without its report; or nothing at all.</summary>
    MissingFile = 6,

    /// <summary>Of an operator that did not sign yet, or of another version of the schema.</summary>
    OtherSchema = 7,
}
