namespace ByokOperator.Places;

/// <summary>The receipt that stands beside the data.</summary>
/// <param name="Scope">What it vouches for: source, target and key.</param>
/// <param name="Fence">Behind which fence the final listing was made.</param>
/// <param name="Digest">Of the receipt as it lies in the target; later acts name it.</param>
internal sealed record ReceiptFacts(string Scope, string Fence, string Digest);
