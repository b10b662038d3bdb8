using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>The Blob service's refusals: status, code and text are the service's own.</summary>
internal static class BlobProblems
{
    public static AzureProblem NoAuthentication(string tenant) =>
        new(401, "NoAuthenticationInformation",
            "Server failed to authenticate the request. Please refer to the information in the www-authenticate "
                + "header.")
        {
            Headers =
            [
                ("WWW-Authenticate",
                    $"Bearer authorization_uri=https://login.microsoftonline.com/{tenant}/oauth2/authorize "
                        + "resource_id=https://storage.azure.com"),
            ],
        };

    public static AzureProblem InvalidAuthentication(string detail) =>
        new(401, "InvalidAuthenticationInfo",
            "Server failed to authenticate the request. Please refer to the information in the www-authenticate "
                + "header.")
        {
            Details = [("AuthenticationErrorDetail", detail)],
        };

    public static AzureProblem AuthenticationFailed(string detail) =>
        new(403, "AuthenticationFailed",
            "Server failed to authenticate the request. Make sure the value of Authorization header is formed "
                + "correctly including the signature.")
        {
            Details = [("AuthenticationErrorDetail", detail)],
        };

    public static AzureProblem KeysNotPermitted() =>
        new(403, "KeyBasedAuthenticationNotPermitted",
            "Key based authentication is not permitted on this storage account.");

    public static AzureProblem PermissionMismatch() =>
        new(403, "AuthorizationPermissionMismatch",
            "This request is not authorized to perform this operation using this permission.");

    public static AzureProblem ServiceMismatch() =>
        new(403, "AuthorizationServiceMismatch",
            "This request is not authorized to perform this operation using this service.");

    public static AzureProblem ResourceTypeMismatch() =>
        new(403, "AuthorizationResourceTypeMismatch",
            "This request is not authorized to perform this operation using this resource type.");

    public static AzureProblem ProtocolMismatch() =>
        new(403, "AuthorizationProtocolMismatch",
            "This request is not authorized to perform this operation using this protocol.");

    public static AzureProblem NetworkForbidden() =>
        new(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");

    public static AzureProblem RequiresHttps() =>
        new(400, "AccountRequiresHttps", "The account being accessed does not support http.");

    public static AzureProblem ServerBusy(int retryAfterSeconds) =>
        new(503, "ServerBusy",
            "The server is busy.")
            {
                Headers = [("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture))],
            };

    public static AzureProblem InvalidHeader(string name, string? value) =>
        new(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.")
        {
            Details = [("HeaderName", name), ("HeaderValue", value ?? "")],
        };

    public static AzureProblem MissingHeader(string name) =>
        new(400, "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified.") { Details = [("HeaderName", name)] };

    public static AzureProblem InvalidQuery(string name, string? value) =>
        new(400, "InvalidQueryParameterValue",
            "Value for one of the query parameters specified in the request URI is invalid.")
        {
            Details = [("QueryParameterName", name), ("QueryParameterValue", value ?? "")],
        };

    public static AzureProblem OutOfRangeQuery(string name, string? value) =>
        new(400, "OutOfRangeQueryParameterValue",
            "One of the query parameters specified in the request URI is outside the permissible range.")
        {
            Details = [("QueryParameterName", name), ("QueryParameterValue", value ?? "")],
        };

    public static AzureProblem InvalidXml() =>
        new(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");

    public static AzureProblem InvalidName() =>
        new(400, "InvalidResourceName", "The specified resource name contains invalid characters.");

    public static AzureProblem NotModelled(string what) => new(400, "UnsupportedHttpVerb", $"Not modelled: {what}");

    public static AzureProblem ContainerNotFound() =>
        new(404, "ContainerNotFound", "The specified container does not exist.");

    public static AzureProblem ContainerExists() =>
        new(409, "ContainerAlreadyExists", "The specified container already exists.");

    public static AzureProblem ContainerBeingDeleted() =>
        new(409, "ContainerBeingDeleted", "The specified container is being deleted. Try operation later.");

    public static AzureProblem BlobNotFound() => new(404, "BlobNotFound", "The specified blob does not exist.");

    public static AzureProblem BlobExists() => new(409, "BlobAlreadyExists", "The specified blob already exists.");

    public static AzureProblem BlobImmutable() =>
        new(409, "BlobImmutableDueToPolicy",
            "This operation is not permitted as the blob is immutable due to a policy.");

    public static AzureProblem BlobArchived() =>
        new(409, "BlobArchived", "This operation is not permitted on an archived blob.");

    public static AzureProblem WrongKind() =>
        new(409, "InvalidBlobType", "The blob type is invalid for this operation.");

    public static AzureProblem SnapshotsPresent() =>
        new(409, "SnapshotsPresent", "This operation is not permitted because the blob has snapshots.");

    public static AzureProblem ConditionNotMet() =>
        new(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

    public static AzureProblem SourceConditionNotMet() =>
        new(412, "SourceConditionNotMet",
            "The source condition specified using HTTP conditional header(s) is not met.");

    public static AzureProblem NotModified() =>
        new(304, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

    public static AzureProblem InvalidRange() =>
        new(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");

    public static AzureProblem InvalidPageRange() =>
        new(416, "InvalidPageRange", "The page range specified is invalid.");

    public static AzureProblem TooLarge(long limit) =>
        new(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.")
        {
            Details = [("MaxLimit", limit.ToString(CultureInfo.InvariantCulture))],
        };

    public static AzureProblem MissingLength() =>
        new(411, "MissingContentLengthHeader", "Content-Length HTTP header is missing.");

    public static AzureProblem Md5Mismatch() =>
        new(400, "Md5Mismatch",
            "The MD5 value specified in the request did not match with the MD5 value calculated by the server.");

    public static AzureProblem Crc64Mismatch() =>
        new(400, "Crc64Mismatch",
            "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.");

    public static AzureProblem InvalidBlockId() =>
        new(400, "InvalidBlobOrBlock", "The specified blob or block content is invalid.");

    public static AzureProblem InvalidBlockList() =>
        new(400, "InvalidBlockList", "The specified block list is invalid.");

    public static AzureProblem TooManyBlocks() =>
        new(409, "BlockCountExceedsLimit",
            "The committed block count cannot exceed the maximum limit of 50,000 blocks.");

    public static AzureProblem AppendPosition() =>
        new(412, "AppendPositionConditionNotMet", "The append position condition specified was not met.");

    public static AzureProblem MaxSize() =>
        new(412, "MaxBlobSizeConditionNotMet", "The max blob size condition specified was not met.");

    public static AzureProblem Sealed() =>
        new(409, "BlobIsSealed", "The specified blob is sealed and its contents can't be modified.");

    public static AzureProblem Sequence() =>
        new(412, "SequenceNumberConditionNotMet", "The sequence number condition specified was not met.");

    public static AzureProblem PendingCopy() =>
        new(409, "PendingCopyOperation", "There is currently a pending copy operation.");

    public static AzureProblem NoPendingCopy() =>
        new(409, "NoPendingCopyOperation", "There is currently no pending copy operation.");

    public static AzureProblem CannotVerifySource(AzureProblem why) =>
        new(why.Status is 401 or 403 or 404 ? why.Status : 500, "CannotVerifyCopySource", why.Message)
        {
            Headers = [("x-ms-copy-source-error-code", why.Code),
                ("x-ms-copy-source-status-code", why.Status.ToString(CultureInfo.InvariantCulture))],
        };

    public static AzureProblem LeaseAlreadyPresent() =>
        new(409, "LeaseAlreadyPresent", "There is already a lease present.");

    public static AzureProblem LeaseBroken() =>
        new(409, "LeaseIsBrokenAndCannotBeRenewed",
            "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.");

    public static AzureProblem LeaseNotPresent() =>
        new(409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease.");

    public static AzureProblem LeaseOperationMismatch() =>
        new(409, "LeaseIdMismatchWithLeaseOperation", "The lease ID specified did not match the lease ID.");

    public static AzureProblem LeaseIdMissing() =>
        new(412, "LeaseIdMissing",
            "There is currently a lease on the blob and no lease ID was specified in the request.");

    public static AzureProblem LeaseMismatch() =>
        new(412, "LeaseIdMismatchWithBlobOperation", "The lease ID specified did not match the lease ID for the blob.");

    public static AzureProblem LeaseLost() =>
        new(412, "LeaseNotPresentWithBlobOperation", "There is currently no lease on the blob.");
}
