using ByokOperator.Api;

namespace ByokOperator.Records;

/// <summary>
/// Where a store was put, and under which key: what may not change once something stands. Written once, before anything
/// is made in a cloud.
/// </summary>
/// <param name="Azure">Null on AWS, which the four before it are of.</param>
internal sealed record StoredPlace(
    string KeyName,
    string Region,
    string? BucketName,
    string? SharedBucket,
    string? SharedPrefix,
    AzureStore? Azure = null,
    AzureSharedLocation? SharedAzure = null)
{
    public static StoredPlace Of(EncryptedStoreSpec spec) => new(
        spec.KeyRef?.Name ?? "",
        spec.Aws?.Region ?? "",
        spec.Aws?.BucketName,
        spec.Shared?.Aws?.Bucket,
        spec.Shared?.Aws?.Prefix,
        spec.Azure,
        spec.Shared?.Azure);

    /// <summary>The spec as far as it may be followed: what was changed and may not be is put back,
    /// everything else is as written.</summary>
    public EncryptedStoreSpec Restore(EncryptedStoreSpec spec) => spec with
    {
        KeyRef = new KeyReference { Name = KeyName },
        Aws = Azure is null ? (spec.Aws ?? new AwsStore()) with { Region = Region, BucketName = BucketName } : null,
        Azure = Azure,
        Shared = SharedBucket is null && SharedAzure is null
            ? null
            : new SharedLocation
            {
                Aws = SharedBucket is null ? null
                    : new AwsSharedLocation { Bucket = SharedBucket, Prefix = SharedPrefix ?? "" },
                Azure = SharedAzure,
            },
    };
}
