using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.S3;

/// <summary>S3's errors that more than one operation answers.</summary>
internal static class S3Problems
{
    public static AwsProblem NoSuchKey() => new(404, "NoSuchKey", "The specified key does not exist.");

    /// <summary>Archived objects are read only after a restore, which isn't modelled.</summary>
    public static void DemandNotArchived(ObjectVersion version)
    {
        if (version.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
        {
            throw new AwsProblem(403, "InvalidObjectState",
                "The operation is not valid for the object's storage class")
                {
                    Detail = ("StorageClass", version.StorageClass),
                };
        }
    }

    public static AwsProblem NoSuchVersion() => new(404, "NoSuchVersion", "The specified version does not exist.");

    public static AwsProblem NoSuchBucket(string bucket) =>
        new(404, "NoSuchBucket", "The specified bucket does not exist") { Detail = ("BucketName", bucket) };

    public static AwsProblem NoSuchUpload() =>
        new(404, "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted "
                + "or completed.");

    public static AwsProblem PreconditionFailed(string condition) =>
        new(412, "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold") { Detail = ("Condition", condition) };

    public static AwsProblem InvalidArgument(string message) => new(400, "InvalidArgument", message);

    public static AwsProblem InvalidRequest(string message) => new(400, "InvalidRequest", message);

    public static AwsProblem MalformedXml() =>
        new(400, "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema");

    public static AwsProblem NotModelled(string what) =>
        new(501, "NotImplemented",
            $"A header or operation you provided implies functionality that is not implemented: {what}");

    public static AwsProblem MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");

    public static AwsProblem Denied(Principal caller, string action, string resource, bool explicitly) => new(
        403,
        "AccessDenied",
        $"User: {caller.Arn} is not authorized to perform: {action} on resource: \"{resource}\" "
        + (explicitly ? "with an explicit deny in a resource-based policy"
            : $"because no resource-based policy allows the {action} action"));
}
