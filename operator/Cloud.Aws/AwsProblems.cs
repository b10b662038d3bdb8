using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Cloud.Calling;

namespace Cloud.Aws;

/// <summary>AWS's error codes in the closed vocabulary. The only place that knows them.</summary>
internal static partial class AwsProblems
{
    private static readonly ProblemCodes Codes = new(
        NamedAction(),
        (ProblemKind.KeyUnusable,
            "DisabledException KMSInvalidStateException KMS.DisabledException KMS.KMSInvalidStateException "
                + "KMS.InvalidStateException"),
        (ProblemKind.WrongKey,
            "InvalidCiphertextException IncorrectKeyException IncorrectKeyMaterialException "
                + "KMS.InvalidCiphertextException KMS.IncorrectKeyException"),
        (ProblemKind.NotFound,
            "NotFoundException KMS.NotFoundException NoSuchBucket NoSuchKey NoSuchVersion NoSuchUpload NoSuchTagSet "
                + "NoSuchTagSetError"
                + " NoSuchBucketPolicy ServerSideEncryptionConfigurationNotFoundError "
                + "NoSuchPublicAccessBlockConfiguration"
                + " OwnershipControlsNotFoundError NotFound"),
        (ProblemKind.Forbidden,
            "AccessDenied AccessDeniedException NotAuthorized AllAccessDisabled AccountProblem NotSignedUp "
                + "InvalidPayer Forbidden KMS.AccessDeniedException"),
        (ProblemKind.OwnCredentials,
            "ExpiredToken ExpiredTokenException RequestExpired InvalidClientTokenId UnrecognizedClientException "
                + "InvalidAccessKeyId"
                + " SignatureDoesNotMatch InvalidSignatureException IncompleteSignature MissingAuthenticationToken "
                + "MissingAuthenticationTokenException"
                + " RequestTimeTooSkewed InvalidToken TokenRefreshRequired IDPCommunicationError InvalidIdentityToken "
                + "OptInRequired"),
        (ProblemKind.Throttled,
            "Throttling ThrottlingException ThrottledException TooManyRequestsException RequestLimitExceeded "
                + "RequestThrottled"
                + " RequestThrottledException SlowDown BandwidthLimitExceeded PriorRequestNotComplete "
                + "KMS.ThrottlingException EC2ThrottledException"),
        (ProblemKind.Unreachable,
            "InternalError InternalFailure InternalServerError ServiceUnavailable ServiceUnavailableException "
                + "RequestTimeout"
                + " RequestTimeoutException KMSInternalException DependencyTimeoutException KeyUnavailableException "
                + "TemporaryRedirect"
                + " KMS.KMSInternalException KMS.DependencyTimeoutException KMS.KeyUnavailableException "
                + "KMS.InternalException"),
        (ProblemKind.Conflict,
            "BucketAlreadyExists BucketAlreadyOwnedByYou OperationAborted PreconditionFailed "
                + "ConditionalRequestConflict BucketNotEmpty"
                + " InvalidBucketState AlreadyExistsException ConflictException NotModified "
                + "ExpiredImportTokenException InvalidImportTokenException"))
    {
        Redirect = ProblemKind.Refused,
    };

    public static CloudProblem From(Exception failure) => AnswerTooLongException.ProblemOf(failure) ?? failure switch
    {
        AmazonServiceException answer => FromAnswer(answer),
        CloudException known => known.Problem,
        OperationCanceledException or TimeoutException =>
            new CloudProblem.Unreachable("Timeout", "no answer within the time allowed"),
        HttpRequestException or IOException or System.Net.Sockets.SocketException =>
            new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached"),
        AmazonClientException client
            when client.InnerException is HttpRequestException or IOException or WebException =>
            new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached"),
        AmazonClientException client when IsAboutCredentials(client.Message) =>
            new CloudProblem.OwnCredentials("NoCredentials", "the operator found no usable credentials of its own"),
        AmazonClientException => new CloudProblem.Unreachable("Unreadable", "the answer could not be read"),
        _ => new CloudProblem.Unreachable("Unexpected", failure.GetType().Name),
    };

    public static CloudProblem From(
        string? code, string? message, HttpStatusCode status, TimeSpan? retryAfter = null) =>
        Codes.From((int)status, Bare(code), Stable(message), retryAfter);

    private static CloudProblem FromAnswer(AmazonServiceException answer)
    {
        if (answer is AmazonUnmarshallingException
            || (int)answer.StatusCode is >= 200 and < 300 && !Known(answer.ErrorCode))
        {
            // A 200 whose body is an error, cut short, or not S3's at all: nothing may be concluded from it.
            return new CloudProblem.Unreachable(answer.ErrorCode is { Length: > 0 } code ? code
                : "Unreadable", "the answer could not be read");
        }

        if (answer.StatusCode == 0 && !Known(answer.ErrorCode))
        {
            return answer.InnerException is { } cause and not AmazonServiceException
                ? From(cause)
                : new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached");
        }

        return From(answer.ErrorCode, answer.Message, answer.StatusCode);
    }

    private static bool Known(string? code) => Bare(code) is { } bare && Codes.Contains(bare);

    /// <summary>JSON services may prefix the code with a namespace and a hash sign.</summary>
    private static string? Bare(string? code) => code?[(code.LastIndexOf('#') + 1)..];

    /// <summary>A message that is the same on every try: without request ids and times.</summary>
    private static string Stable(string? message) => Volatile().Replace(message ?? "", "").Trim();

    private static bool IsAboutCredentials(string message) =>
        message.Contains("credential", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?:perform:?|action:?)\s+(?<action>(?:kms|s3|sts):[A-Za-z]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedAction();

    [GeneratedRegex(@"\(?\b(?:request ?id|host ?id)\b\s*[:=]?\s*[\w\-+/=]+\)?,?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Volatile();
}
