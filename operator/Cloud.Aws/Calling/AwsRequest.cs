using Cloud.Calling;

namespace Cloud.Aws.Calling;

/// <summary>What a call is, to limit, bound, retry and record it by.</summary>
/// <param name="Operation">Service and action as AWS's policies spell them, such as <c>kms:Decrypt</c>.</param>
/// <param name="Scope">The bucket, for S3, whose limits are counted by store.</param>
internal readonly record struct AwsRequest(
    string Operation, string Region, string Scope = "", CallRetryPolicy RetryPolicy = CallRetryPolicy.Control)
{
    private static readonly string[] Looks = ["Get", "List", "Head", "Describe", "Decrypt", "GenerateDataKey"];

    /// <summary>Whatever is not known to only look or to only use a key.</summary>
    public bool IsChange
    {
        get
        {
            var action = Operation.AsSpan(Operation.IndexOf(':', StringComparison.Ordinal) + 1);
            foreach (var look in Looks)
            {
                if (action.StartsWith(look, StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
