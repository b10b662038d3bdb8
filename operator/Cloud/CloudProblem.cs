namespace Cloud;

/// <summary>
/// Why a cloud call did not do what was asked: the closed set that every adapter maps its error codes to, in one file
/// per cloud. <see cref="Code"/> is the cloud's own code; <see cref="Message"/> is stable (no request ids, no times).
/// </summary>
public abstract record CloudProblem
{
    /// <summary>Code of an answer that is longer than any service's own. It was not read to its end.</summary>
    public const string AnswerTooLong = "AnswerTooLong";

    /// <summary>Code of something that stands under the name of a mark of ours and is none:
    /// it is not read into memory.</summary>
    public const string MarkTooLarge = "MarkTooLarge";

    /// <summary>Code of a listing that is not in the order that its cloud lists in.</summary>
    public const string ListingUnordered = "ListingUnordered";

    private CloudProblem(string code, string message)
    {
        Code = code;
        Message = message;
    }

    public string Code { get; }

    public string Message { get; }

    /// <summary>The named thing is not there.</summary>
    public sealed record NotFound(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>We may not. <paramref name="Action"/> is the missing permission where the answer names it.</summary>
    public sealed record Forbidden(string Code, string Message, string? Action = null) : CloudProblem(Code, Message);

    /// <summary>Too fast; <paramref name="RetryAfter"/> is the server's own wish where it has one.</summary>
    public sealed record Throttled(
        string Code, string Message, TimeSpan? RetryAfter = null) : CloudProblem(Code, Message);

    /// <summary>No answer, a 5xx, or an answer that can't be trusted: says nothing about the thing asked for.</summary>
    public sealed record Unreachable(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>The key exists and its own KMS says that it can't be used now (disabled,
    /// pending deletion or import).</summary>
    public sealed record KeyUnusable(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>The key answers, but did not make this ciphertext: other material, or tampering.</summary>
    public sealed record WrongKey(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>Taken by somebody, changed meanwhile, or a precondition failed.</summary>
    public sealed record Conflict(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>Our own credentials are expired or invalid: says nothing about the tenant's key.</summary>
    public sealed record OwnCredentials(string Code, string Message) : CloudProblem(Code, Message);

    /// <summary>The request itself is wrong and will stay wrong until somebody changes it.</summary>
    public sealed record Refused(string Code, string Message) : CloudProblem(Code, Message)
    {
        /// <summary>What has to be done with the one object that it is about;
        /// null where it is about no object alone.</summary>
        public string? Fix { get; init; }
    }
}

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
