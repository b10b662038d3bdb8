namespace ByokOperator.Reports;

/// <summary>The receipt that stands beside the data.</summary>
/// <param name="Digest">SHA-256 of the receipt as it lies in the store, hexadecimal.</param>
internal sealed record ReportedReceipt(string Digest, DateTimeOffset WrittenAt, long Objects, long Bytes)
{
    /// <summary>How many versions had what their copies have not, by what it is; null where none had.</summary>
    public IReadOnlyDictionary<string, long>? NotCarried { get; init; }
}
