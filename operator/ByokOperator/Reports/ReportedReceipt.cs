namespace ByokOperator.Reports;

/// <summary>The receipt that stands beside the data.</summary>
/// <param name="Digest">SHA-256 of the receipt as it lies in the store, hexadecimal.</param>
internal sealed record ReportedReceipt(string Digest, DateTimeOffset WrittenAt, long Objects, long Bytes);
