using System.Security.Cryptography;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>PutObject, and what all ways of making an object share.</summary>
internal sealed class ObjectWrites(KeyAccess keys, BodyIntake intake, S3Store store)
{
    private const int MaxKeyBytes = 1024;

    public async Task PutObject(S3Call call)
    {
        var bucket = call.PermittedObject("s3:PutObject");
        DemandKey(call.Key);
        var precondition = Conditions.ForWrite(call);
        var encryption = keys.Begin(call, bucket, call.Key);
        var received = await intake.ReceiveAsync(call);
        var version = new ObjectVersion(bucket.NewVersionId(), store.Now)
        {
            Content = received.Content,
            Checksum = received.Checksum,
            ETag = ETagFor(encryption, received.Content.Md5),
            Encryption = encryption,
            Headers = ObjectHeaders.Read(call.Aws),
            StorageClass = StorageClassOf(call),
            Tags = Tagging.FromHeader(call.Header("x-amz-tagging")),
        };
        bucket.Put(call.Key, version, precondition);
        call.Aws.Response.Headers.ETag = ObjectAnswers.Quoted(version.ETag);
        ObjectAnswers.WriteEncryption(call, encryption);
        ObjectAnswers.WriteVersion(call, bucket, version);
        ObjectAnswers.WriteChecksum(call, version.Checksum);
        await S3Xml.SendEmptyAsync(call);
    }

    public static void DemandKey(string key)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            throw new AwsProblem(400, "KeyTooLongError", "Your key is too long");
        }
    }

    /// <summary>MD5 where S3 holds the key itself; with SSE-KMS an ETag says nothing about the content.</summary>
    public static string ETagFor(ObjectEncryption encryption, byte[] md5) =>
        Convert.ToHexStringLower(encryption.HidesContent ? RandomNumberGenerator.GetBytes(16) : md5);

    public static string StorageClassOf(S3Call call)
    {
        var name = call.Header("x-amz-storage-class") ?? "STANDARD";
        return name is "STANDARD" or "REDUCED_REDUNDANCY" or "STANDARD_IA" or "ONEZONE_IA" or "INTELLIGENT_TIERING"
            or "GLACIER" or "DEEP_ARCHIVE" or "GLACIER_IR"
            ? name : throw new AwsProblem(400, "InvalidStorageClass", "The storage class you specified is not valid");
    }
}
