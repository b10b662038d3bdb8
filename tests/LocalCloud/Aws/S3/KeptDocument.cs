namespace LocalCloud.Aws.S3;

/// <summary>A bucket configuration that is kept without being acted on. <c>EmptyRoot</c>:
/// S3 answers an empty document where nothing was put.</summary>
internal sealed record KeptDocument(
    string Query, string OperationPart, string Permission, string MissingCode, string? EmptyRoot = null)
{
    private static readonly KeptDocument[] Kinds =
    [
        new("publicAccessBlock", "PublicAccessBlock", "BucketPublicAccessBlock",
            "NoSuchPublicAccessBlockConfiguration"),
        new("ownershipControls", "BucketOwnershipControls", "BucketOwnershipControls",
            "OwnershipControlsNotFoundError"),
        new("tagging", "BucketTagging", "BucketTagging", "NoSuchTagSet"),
        new("lifecycle", "BucketLifecycleConfiguration", "LifecycleConfiguration", "NoSuchLifecycleConfiguration"),
        new("replication", "BucketReplication", "ReplicationConfiguration", "ReplicationConfigurationNotFoundError"),
        new("cors", "BucketCors", "BucketCORS", "NoSuchCORSConfiguration"),
        new("object-lock", "ObjectLockConfiguration", "BucketObjectLockConfiguration",
            "ObjectLockConfigurationNotFoundError"),
        new("logging", "BucketLogging", "BucketLogging", "", "BucketLoggingStatus"),
        new("notification", "BucketNotificationConfiguration", "BucketNotification", "", "NotificationConfiguration"),
        new("accelerate", "BucketAccelerateConfiguration", "AccelerateConfiguration", "", "AccelerateConfiguration"),
        new("requestPayment", "BucketRequestPayment", "BucketRequestPayment", "", "RequestPaymentConfiguration"),
        new("website", "BucketWebsite", "BucketWebsite", "NoSuchWebsiteConfiguration"),
    ];

    public static KeptDocument? Find(RawQuery query) => Array.Find(Kinds, kind => query.Has(kind.Query));

    public static KeptDocument Of(S3Call call) => Find(call.Aws.Query)!;
}
