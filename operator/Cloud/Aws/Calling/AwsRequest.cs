namespace Cloud.Aws.Calling;

/// <summary>What a call is, to limit, bound, retry and record it by.</summary>
/// <param name="Operation">Service and action as AWS's policies spell them, such as <c>kms:Decrypt</c>.</param>
/// <param name="Scope">The bucket, for S3, whose limits are counted by store.</param>
internal readonly record struct AwsRequest(string Operation, string Region, string Scope = "", CallPatience Patience = CallPatience.Control);
