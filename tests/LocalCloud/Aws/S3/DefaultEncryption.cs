namespace LocalCloud.Aws.S3;

/// <summary>A bucket's default encryption as it was put. The key is never looked at here:
/// PutBucketEncryption doesn't validate it.</summary>
internal sealed record DefaultEncryption(
    string Algorithm, string? KeyId, bool BucketKey, IReadOnlyList<string> BlockedTypes)
{
    public static DefaultEncryption S3Managed { get; } = new("AES256", null, false, []);
}
