namespace LocalCloud.Aws.S3;

/// <summary>UpdateObjectEncryption: the data key is wrapped anew, content, ETag and time stay. The target key must belong to the bucket's account.</summary>
internal sealed class ObjectReencryption(KeyAccess keys)
{
    public async Task UpdateObjectEncryption(S3Call call)
    {
        var bucket = call.PermittedObject("s3:UpdateObjectEncryption");
        var id = call.Query("versionId");
        var (root, _) = await S3Xml.ReadAsync(call);
        var wanted = root.One("SSE-KMS") ?? root.One("SSEKMS") ?? throw S3Problems.MalformedXml();
        var keyArn = wanted.Text("KMSKeyArn") ?? throw S3Problems.MalformedXml();
        var version = bucket.Find(call.Key, id) ?? throw call.Missing(bucket, id);
        if (version.IsDeleteMarker)
        {
            throw S3Problems.MethodNotAllowed();
        }

        if (version.Encryption.Algorithm == "aws:kms:dsse")
        {
            throw S3Problems.InvalidRequest("Objects encrypted with DSSE-KMS can't be updated.");
        }

        if (!Arn.TryParse(keyArn, out var arn) || !arn.Resource.StartsWith("key/", StringComparison.Ordinal))
        {
            throw S3Problems.InvalidRequest("The KMS key must be named by its full key ARN.");
        }

        if (arn.Account != bucket.Owner)
        {
            throw new AwsProblem(403, "AccessDenied", "The KMS key must belong to the same account as the bucket.");
        }

        keys.DemandReadable(call, bucket, version.Encryption);
        var useBucketKey = string.Equals(wanted.Text("BucketKeyEnabled"), "true", StringComparison.OrdinalIgnoreCase);
        version.Encryption = keys.Seal(call, bucket, call.Key, new ObjectEncryption("aws:kms", keyArn, useBucketKey));
        await S3Xml.SendEmptyAsync(call);
    }
}
