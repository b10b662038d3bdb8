namespace LocalCloud.Aws.S3;

/// <summary>Tags of objects, which change without a new version and without a key.</summary>
internal sealed class ObjectTags
{
    public Task GetObjectTagging(S3Call call)
    {
        var (bucket, version) = Find(call, "Get");
        ObjectAnswers.WriteVersion(call, bucket, version);
        return S3Xml.SendAsync(call, "Tagging", xml => Tagging.Write(xml, version.Tags));
    }

    public async Task PutObjectTagging(S3Call call)
    {
        var (bucket, version) = Find(call, "Put");
        var (root, _) = await S3Xml.ReadAsync(call);
        version.Tags = Tagging.FromXml(root);
        ObjectAnswers.WriteVersion(call, bucket, version);
        await S3Xml.SendEmptyAsync(call);
    }

    public Task DeleteObjectTagging(S3Call call)
    {
        Find(call, "Delete").Version.Tags = [];
        return S3Xml.SendEmptyAsync(call, 204);
    }

    private static (Bucket Bucket, ObjectVersion Version) Find(S3Call call, string verb)
    {
        var id = call.Query("versionId");
        var bucket = call.PermittedObject($"s3:{verb}Object{(id is null ? "" : "Version")}Tagging");
        var version = bucket.Find(call.Key, id) ?? throw call.Missing(bucket, id);
        return version.IsDeleteMarker ? throw (id is null ? S3Problems.NoSuchKey() : S3Problems.MethodNotAllowed())
            : (bucket, version);
    }
}
