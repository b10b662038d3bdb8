using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using Cloud.Calling;

namespace Cloud.Azure;

/// <summary>Azure's error codes in the closed vocabulary: Entra's, Resource Manager's, Key Vault's and Blob's.
/// The only place that knows them.</summary>
internal static partial class AzureProblems
{
    private static readonly ProblemCodes Codes = new(
        NamedAction(),
        (ProblemKind.KeyUnusable,
            "KeyDisabled KeyExpired KeyNotYetValid KeyOperationForbidden KeyVaultEncryptionKeyNotFound "
                + "KeyVaultVaultNotFound"
                + " KeyVaultAccessTokenCannotBeAcquired"),
        (ProblemKind.NotFound,
            "KeyNotFound VaultNotFound ResourceNotFound ResourceGroupNotFound SubscriptionNotFound ContainerNotFound "
                + "BlobNotFound"
                + " ParentResourceNotFound PrincipalNotFound"),
        (ProblemKind.Forbidden,
            "ForbiddenByRbac ForbiddenByPolicy ForbiddenByFirewall ForbiddenByConnection AuthorizationFailed "
                + "LinkedAuthorizationFailed"
                + " AuthorizationFailure AuthorizationPermissionMismatch AuthorizationSourceIPMismatch "
                + "AuthorizationProtocolMismatch InsufficientAccountPermissions"
                + " KeyBasedAuthenticationNotPermitted PublicAccessNotPermitted RequestDisallowedByPolicy "
                + "RequestDisallowedByAzure KeyVaultAuthenticationFailure"),
        (ProblemKind.OwnCredentials,
            "AuthenticationFailed InvalidAuthenticationInfo InvalidAuthenticationToken ExpiredAuthenticationToken"
                + " InvalidAuthenticationTokenTenant AuthenticationFailedInvalidHeader NoAuthenticationInformation "
                + "Unauthorized GatewayAuthenticationFailed"),
        (ProblemKind.Throttled,
            "Throttled TooManyRequests SubscriptionRequestsThrottled OperationNotAllowedThrottled ServerBusy "
                + "AccountIOPSLimitExceeded"),
        (ProblemKind.Unreachable,
            "InternalError InternalServerError ServerTimeout OperationTimedOut ServiceUnavailable GatewayTimeout"),
        (ProblemKind.Conflict,
            "Conflict ObjectIsDeletedButRecoverable ObjectIsBeingDeleted ObjectIsBeingRecovered "
                + "StorageAccountAlreadyTaken StorageAccountAlreadyExists"
                + " StorageAccountOperationInProgress InvalidResourceLocation RoleAssignmentExists "
                + "ContainerAlreadyExists ContainerBeingDeleted BlobAlreadyExists"
                + " ConditionNotMet LeaseAlreadyPresent LeaseIdMissing LeaseIdMismatchWithBlobOperation ScopeLocked "
                + "AnotherOperationInProgress"))
    {
        Redirect = ProblemKind.Unreachable,
    };

    /// <summary>What Entra says of our own sign-in. Everything else it says
    /// is an answer about the directory that was asked.</summary>
    private static readonly FrozenSet<string> InstallationCodes =
        new[] { "AADSTS700016", "AADSTS7000229", "AADSTS90002", "AADSTS500011" }.ToFrozenSet(StringComparer.Ordinal);

    /// <param name="failure">Whatever the pipeline or a credential threw.</param>
    /// <param name="isTenants">Whether the token was asked in a tenant's directory, where an application that is
    /// missing was removed by the tenant.</param>
    public static CloudProblem From(Exception failure, bool isTenants = false) =>
        AnswerTooLongException.ProblemOf(failure) ?? failure switch
        {
            CloudException known => known.Problem,
            AuthenticationFailedException refused => FromSignIn(refused, isTenants),
            OperationCanceledException or TimeoutException =>
                new CloudProblem.Unreachable("Timeout", "no answer within the time allowed"),
            RequestFailedException { Status: 0, InnerException: { } cause } => From(cause, isTenants),
            AggregateException { InnerException: { } cause } => From(cause, isTenants),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                new CloudProblem.Unreachable("NameNotResolved",
                    "the host name is not known: it is misspelt, or what it names was deleted"),
            HttpRequestException or IOException or System.Net.Sockets.SocketException =>
                new CloudProblem.Unreachable("NoConnection", "the endpoint could not be reached"),
            _ => new CloudProblem.Unreachable("Unexpected", failure.GetType().Name),
        };

    public static CloudProblem From(int status, string? code, string? message, TimeSpan? retryAfter = null) =>
        Codes.From(status, code, Stable(message), retryAfter);

    /// <summary>
    /// Entra's numbered answers. That our application is not known in a directory, or the directory is not there, is
    /// what that directory says (<see cref="CloudProblem.NotFound"/>);
    /// that our identity or its federation is not accepted is our own affair.
    /// </summary>
    private static CloudProblem FromSignIn(AuthenticationFailedException refused, bool isTenants)
    {
        for (Exception? cause = refused; cause is not null; cause = cause.InnerException)
        {
            if (cause is CloudException own)
            {
                return own.Problem; // the assertion could not be had: our own identity's affair
            }

            if (EntraNumber().Match(cause.Message) is { Success: true } match)
            {
                return FromNumber(match.Value, isTenants);
            }

            if (cause is HttpRequestException or IOException or OperationCanceledException
                or System.Net.Sockets.SocketException or RequestFailedException)
            {
                return new CloudProblem.Unreachable("EntraUnreachable", "Microsoft Entra could not be reached");
            }
        }

        return refused is CredentialUnavailableException
            ? new CloudProblem.OwnCredentials("NoCredentials", "the operator found no usable credentials of its own")
            : new CloudProblem.Unreachable("EntraUnreachable", "Microsoft Entra gave no usable answer");
    }

    private static CloudProblem FromNumber(string code, bool isTenants) => code switch
    {
        _ when isTenants && InstallationCodes.Contains(code) => new CloudProblem.NotFound(code, SignInWords(code)),
        "AADSTS7000112"
            when isTenants =>
                new CloudProblem.Forbidden(code, "the application is switched off, in that directory or everywhere"),
        "AADSTS90055" or "AADSTS90056" => new CloudProblem.Throttled(code, "Microsoft Entra is throttling"),
        "AADSTS90033" or "AADSTS50196" or "AADSTS90008" =>
            new CloudProblem.Unreachable(code, "Microsoft Entra gave no usable answer"),
        _ => new CloudProblem.OwnCredentials(code, "Microsoft Entra does not accept the operator's identity"),
    };

    private static string SignInWords(string code) => code switch
    {
        "AADSTS90002" => "the directory does not exist",
        "AADSTS500011" => "the service is not available in that directory",
        _ => "the application is not installed in the directory",
    };

    /// <summary>A message that is the same on every try, on one line: without request ids and times.</summary>
    private static string Stable(string? message) =>
        Blanks().Replace(Volatile().Replace(message ?? "", ""), " ").Trim();

    [GeneratedRegex(@"AADSTS\d+", RegexOptions.CultureInvariant)]
    private static partial Regex EntraNumber();

    [GeneratedRegex(
        @"(?:Action:|perform action|does not have)\s+'?(?<action>(?:Microsoft\.[\w./]+/action)|(?:Microsoft\.[\w./]+)|keys \w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NamedAction();

    [GeneratedRegex(@"\b(?:RequestId|Time|Trace ID|Correlation ID|Timestamp)\s*:\s*[\w\-+/=:.]+(?: [\d:]+Z)?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Volatile();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
