using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Cloud.Aws;

/// <summary>AWS's error codes in the closed vocabulary. The only place that knows them.</summary>
internal static partial class AwsProblems
{
    /// <summary>A message goes into conditions and Events; AWS's own are shorter, a proxy's page is not.</summary>
    private const int LongestMessage = 512;

    private enum Kind
    {
        NotFound,
        Forbidden,
        Throttled,
        Unreachable,
        KeyUnusable,
        WrongKey,
        Conflict,
        OwnCredentials,
        Refused,
    }

    private static readonly FrozenDictionary<string, Kind> Codes = Table(
        (Kind.KeyUnusable, "DisabledException KMSInvalidStateException KMS.DisabledException KMS.KMSInvalidStateException KMS.InvalidStateException"),
        (Kind.WrongKey, "InvalidCiphertextException IncorrectKeyException IncorrectKeyMaterialException KMS.InvalidCiphertextException KMS.IncorrectKeyException"),
        (Kind.NotFound, "NotFoundException KMS.NotFoundException NoSuchBucket NoSuchKey NoSuchVersion NoSuchUpload NoSuchTagSet NoSuchTagSetError"
            + " NoSuchBucketPolicy ServerSideEncryptionConfigurationNotFoundError NoSuchPublicAccessBlockConfiguration"
            + " OwnershipControlsNotFoundError NotFound"),
        (Kind.Forbidden, "AccessDenied AccessDeniedException AllAccessDisabled AccountProblem NotSignedUp InvalidPayer Forbidden KMS.AccessDeniedException"),
        (Kind.OwnCredentials, "ExpiredToken ExpiredTokenException RequestExpired InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId"
            + " SignatureDoesNotMatch InvalidSignatureException IncompleteSignature MissingAuthenticationToken MissingAuthenticationTokenException"
            + " RequestTimeTooSkewed InvalidToken TokenRefreshRequired IDPCommunicationError InvalidIdentityToken OptInRequired"),
        (Kind.Throttled, "Throttling ThrottlingException ThrottledException TooManyRequestsException RequestLimitExceeded RequestThrottled"
            + " RequestThrottledException SlowDown BandwidthLimitExceeded PriorRequestNotComplete KMS.ThrottlingException EC2ThrottledException"),
        (Kind.Unreachable, "InternalError InternalFailure InternalServerError ServiceUnavailable ServiceUnavailableException RequestTimeout"
            + " RequestTimeoutException KMSInternalException DependencyTimeoutException KeyUnavailableException TemporaryRedirect"
            + " KMS.KMSInternalException KMS.DependencyTimeoutException KMS.KeyUnavailableException KMS.InternalException"),
        (Kind.Conflict, "BucketAlreadyExists BucketAlreadyOwnedByYou OperationAborted PreconditionFailed ConditionalRequestConflict BucketNotEmpty"
            + " InvalidBucketState AlreadyExistsException ConflictException NotModified ExpiredImportTokenException InvalidImportTokenException"));

    public static CloudProblem From(Exception failure) => failure switch
    {
        AmazonServiceException answer => FromAnswer(answer),
        CloudException known => known.Problem,
        OperationCanceledException or TimeoutException => new CloudProblem.Unreachable("Timeout", "no answer within the time allowed"),
        HttpRequestException or IOException or System.Net.Sockets.SocketException =>
            new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached"),
        AmazonClientException client when client.InnerException is HttpRequestException or IOException or WebException =>
            new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached"),
        AmazonClientException client when IsAboutCredentials(client.Message) =>
            new CloudProblem.OwnCredentials("NoCredentials", "the operator found no usable credentials of its own"),
        AmazonClientException => new CloudProblem.Unreachable("Unreadable", "the answer could not be read"),
        _ => new CloudProblem.Unreachable("Unexpected", failure.GetType().Name),
    };

    public static CloudProblem From(string? code, string? message, HttpStatusCode status, TimeSpan? retryAfter = null)
    {
        var text = Stable(message);
        if (code is { Length: > 0 } && Codes.TryGetValue(Bare(code), out var kind))
        {
            return Make(kind, Bare(code), text, retryAfter);
        }

        return Make(ByStatus(status), code is { Length: > 0 } ? Bare(code) : $"Http{(int)status}", text, retryAfter);
    }

    private static CloudProblem FromAnswer(AmazonServiceException answer)
    {
        if (answer is AmazonUnmarshallingException || (int)answer.StatusCode is >= 200 and < 300 && !Known(answer.ErrorCode))
        {
            // A 200 whose body is an error, cut short, or not S3's at all: nothing may be concluded from it.
            return new CloudProblem.Unreachable(answer.ErrorCode is { Length: > 0 } code ? code : "Unreadable", "the answer could not be read");
        }

        if (answer.StatusCode == 0 && !Known(answer.ErrorCode))
        {
            return answer.InnerException is { } cause and not AmazonServiceException
                ? From(cause)
                : new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached");
        }

        return From(answer.ErrorCode, answer.Message, answer.StatusCode);
    }

    private static bool Known(string? code) => code is { Length: > 0 } && Codes.ContainsKey(Bare(code));

    /// <summary>A HEAD has no body, so only its status speaks; and codes not known yet follow their status.</summary>
    private static Kind ByStatus(HttpStatusCode status) => (int)status switch
    {
        401 => Kind.OwnCredentials,
        403 => Kind.Forbidden,
        404 => Kind.NotFound,
        409 or 412 => Kind.Conflict,
        429 => Kind.Throttled,
        408 or 0 or 307 or >= 500 => Kind.Unreachable,
        >= 200 and < 300 => Kind.Unreachable,
        _ => Kind.Refused,
    };

    private static CloudProblem Make(Kind kind, string code, string message, TimeSpan? retryAfter) => kind switch
    {
        Kind.NotFound => new CloudProblem.NotFound(code, message),
        Kind.Forbidden => new CloudProblem.Forbidden(code, message, ActionIn(message)),
        Kind.Throttled => new CloudProblem.Throttled(code, message, retryAfter),
        Kind.Unreachable => new CloudProblem.Unreachable(code, message),
        Kind.KeyUnusable => new CloudProblem.KeyUnusable(code, message),
        Kind.WrongKey => new CloudProblem.WrongKey(code, message),
        Kind.Conflict => new CloudProblem.Conflict(code, message),
        Kind.OwnCredentials => new CloudProblem.OwnCredentials(code, message),
        _ => new CloudProblem.Refused(code, message),
    };

    /// <summary>JSON services may prefix the code with a namespace and a hash sign.</summary>
    private static string Bare(string code) => code[(code.LastIndexOf('#') + 1)..];

    private static string? ActionIn(string message) =>
        NamedAction().Match(message) is { Success: true } match ? match.Groups["action"].Value : null;

    /// <summary>A message that is the same on every try: without request ids and times, and not longer than a person reads.</summary>
    private static string Stable(string? message)
    {
        var text = Volatile().Replace(message ?? "", "").Trim();
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    private static bool IsAboutCredentials(string message) => message.Contains("credential", StringComparison.OrdinalIgnoreCase);

    private static FrozenDictionary<string, Kind> Table(params (Kind Kind, string Codes)[] rows) => rows
        .SelectMany(row => row.Codes.Split(' '), (row, code) => KeyValuePair.Create(code, row.Kind))
        .ToFrozenDictionary(StringComparer.Ordinal);

    [GeneratedRegex(@"(?:perform:?|action:?)\s+(?<action>(?:kms|s3|sts):[A-Za-z]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedAction();

    [GeneratedRegex(@"\(?\b(?:request ?id|host ?id)\b\s*[:=]?\s*[\w\-+/=]+\)?,?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Volatile();
}
