using ByokOperator.Api;

namespace ByokOperator.Stores;

/// <summary>
/// Where a store was put, and under which key: what may not change once something stands. Written once, before anything is
/// made in a cloud.
/// </summary>
internal sealed record StoredPlace(string KeyName, string Region, string? BucketName, string? SharedBucket, string? SharedPrefix)
{
    public static StoredPlace Of(EncryptedStoreSpec spec) =>
        new(spec.KeyRef?.Name ?? "", spec.Aws?.Region ?? "", spec.Aws?.BucketName, spec.Shared?.Aws?.Bucket, spec.Shared?.Aws?.Prefix);

    /// <summary>The spec as far as it may be followed: what was changed and may not be is put back, everything else is as written.</summary>
    public EncryptedStoreSpec Restore(EncryptedStoreSpec spec) => spec with
    {
        KeyRef = new KeyReference { Name = KeyName },
        Aws = (spec.Aws ?? new AwsStore()) with { Region = Region, BucketName = BucketName },
        Shared = SharedBucket is null
            ? null
            : new SharedLocation { Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = SharedPrefix ?? "" } },
    };
}
