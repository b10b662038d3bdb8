using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>
/// UpdateObjectEncryption: the data key is wrapped anew, content, ETag and time stay. Refusals as its reference words
/// them (https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html).
/// </summary>
internal sealed class ObjectReencryption(KeyAccess keys, S3Store store)
{
    public async Task UpdateObjectEncryption(S3Call call)
    {
        var bucket = call.PermittedObject("s3:UpdateObjectEncryption");
        var id = call.Query("versionId");
        var (root, _) = await S3Xml.ReadAsync(call);
        var (keyArn, account, useBucketKey) = Wanted(root);
        var version = bucket.Find(call.Key, id) ?? throw call.Missing(bucket, id);
        if (version.IsDeleteMarker)
        {
            throw id is null ? S3Problems.NoSuchKey() : S3Problems.MethodNotAllowed();
        }

        DemandUpdatable(version);
        if (account != bucket.Owner)
        {
            throw new AwsProblem(403, "AccessDenied",
                "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request "
                    + "to specify a KMS key from the same account, and then try again.");
        }

        version.Encryption =
            keys.Rewrap(call, bucket, version.Encryption, new ObjectEncryption("aws:kms", keyArn, useBucketKey));
        await S3Xml.SendEmptyAsync(call);
    }

    /// <summary>Neither content nor key is needed for it: an archived object is updated like any other.</summary>
    private void DemandUpdatable(ObjectVersion version)
    {
        if (version.Encryption.Algorithm == "aws:kms:dsse" || version.Encryption.CustomerKeyMd5 is not null)
        {
            throw S3Problems.InvalidRequest(
                "The UpdateObjectEncryption operation doesn't support source objects with the encryption type "
                    + "DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.");
        }

        if (version.Headers.IsLocked(store.Now))
        {
            throw new AwsProblem(403, "AccessDenied",
                "The encryption type for the specified object can't be updated because that object is protected by S3 "
                    + "Object Lock. If the object has a governance-mode retention period or a legal hold, you must "
                    + "first remove the Object Lock status on the object before you issue your UpdateObjectEncryption "
                    + "request.");
        }
    }

    private static (string KeyArn, string Account, bool BucketKey) Wanted(XElement root)
    {
        var wanted = root.One("SSE-KMS") ?? root.One("SSEKMS")
            ?? throw S3Problems.InvalidRequest(
                "Requests that modify an object encryption configuration require a valid new encryption type. Valid "
                    + "values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and "
                    + "then try again.");
        var keyArn = wanted.Text("KMSKeyArn")
            ?? throw S3Problems.InvalidRequest(
                "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource "
                    + "Name (ARN). Modify the request to specify a KMS key ARN, and then try again.");
        if (!Arn.TryParse(keyArn, out var arn) || arn.Service != "kms"
            || !arn.Resource.StartsWith("key/", StringComparison.Ordinal))
        {
            throw S3Problems.InvalidRequest(
                "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon "
                    + "Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, "
                    + "and then try again.");
        }

        return wanted.Text("BucketKeyEnabled") switch
        {
            null or "false" => (keyArn, arn.Account, false),
            "true" => (keyArn, arn.Account, true),
            _ =>
                throw S3Problems.InvalidRequest(
                    "The BucketKeyEnabled value isn't valid. Valid values are true or false. Modify the request to "
                        + "specify a valid value, and then try again."),
        };
    }
}
