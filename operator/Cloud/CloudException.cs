namespace Cloud;

/// <summary>A cloud call failed, in the closed vocabulary of <see cref="CloudProblem"/>.
/// Never carries secrets.</summary>
public sealed class CloudException(
    CloudProblem problem, string operation, string? requestId = null, Exception? inner = null)
    : Exception($"{operation}: {problem.Code}: {problem.Message}", inner)
{
    public CloudProblem Problem { get; } = problem;

    /// <summary>Service and call, such as <c>kms:Decrypt</c>.</summary>
    public string Operation { get; } = operation;

    public string? RequestId { get; } = requestId;
}
