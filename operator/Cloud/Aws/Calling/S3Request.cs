namespace Cloud.Aws.Calling;

/// <summary>A request without a body, spelled as it goes out and is signed.</summary>
/// <param name="Path">Encoded, from the host on.</param>
/// <param name="Query">Encoded, without the question mark; empty for none.</param>
/// <param name="Headers">The host's and AWS's own, in lower case, in ordinal order.</param>
internal sealed record S3Request(HttpMethod Method, string Path, string Query, SortedList<string, string> Headers);
