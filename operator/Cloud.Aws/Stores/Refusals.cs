using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>Why a bucket is left alone.</summary>
internal static class Refusals
{
    public static CloudException Absent(StoreSpec spec, string operation) =>
        new(new CloudProblem.NotFound("NoSuchBucket", $"the bucket {spec.Store.Name} does not exist"), operation);

    public static CloudException NotOurs(StoreSpec spec, StoreOwnership? ownership, string operation) => new(
        ownership == StoreOwnership.Forbidden
            ? new CloudProblem.Forbidden("AccessDenied",
                $"we may not see whose the bucket {spec.Store.Name} is; it is left alone", "s3:GetBucketTagging")
            : new CloudProblem.Conflict("NotOurs",
                $"the bucket {spec.Store.Name} does not carry this store's ownership tag; it is left alone"),
        operation);
}
