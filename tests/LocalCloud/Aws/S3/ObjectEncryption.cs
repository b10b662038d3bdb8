namespace LocalCloud.Aws.S3;

/// <summary>How an object is encrypted. For SSE-KMS the wrapped data key is real: without KMS's consent it doesn't
/// open, so the object doesn't either.</summary>
internal sealed record ObjectEncryption(string Algorithm, string? KeyArn = null, bool BucketKey = false)
{
    public static ObjectEncryption S3Managed { get; } = new("AES256");

    public byte[] WrappedKey { get; init; } = [];

    public IReadOnlyDictionary<string, string> Context { get; init; } = Kms.KmsUse.NoContext;

    /// <summary>SSE-C: what a reader's own key must have; S3 keeps no key for it.</summary>
    public string? CustomerKeyMd5 { get; init; }

    /// <summary>Then an ETag says nothing about the content.</summary>
    public bool HidesContent => IsKms || CustomerKeyMd5 is not null;

    public bool IsKms => KeyArn is not null;
}
