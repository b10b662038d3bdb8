using Microsoft.AspNetCore.Http;

namespace LocalCloud.Aws.S3;

/// <summary>S3's wire: method, path and query name the operation.</summary>
internal sealed class S3Api
{
    private readonly AwsCloud cloud;
    private readonly Buckets buckets;
    private readonly ConfigDocuments configs = new();
    private readonly ObjectLists lists = new();
    private readonly VersionLists versions = new();
    private readonly ObjectReads reads;
    private readonly ObjectWrites writes;
    private readonly ObjectCopies copies;
    private readonly ObjectDeletes deletes;
    private readonly ObjectTags tags = new();
    private readonly Multiparts multiparts;
    private readonly MultipartLists multipartLists = new();
    private readonly MultipartCompletion completion;
    private readonly ObjectReencryption reencryption;

    public S3Api(AwsCloud cloud)
    {
        this.cloud = cloud;
        var keys = new KeyAccess(cloud);
        var intake = new BodyIntake(cloud.Segments);
        buckets = new Buckets(cloud.Store, cloud.Options.Partition);
        reads = new ObjectReads(keys);
        writes = new ObjectWrites(keys, intake, cloud.Store);
        copies = new ObjectCopies(keys, cloud.Store, cloud.Options.CopiesMoveBytes ? cloud.Segments : null);
        deletes = new ObjectDeletes(cloud.Store);
        multiparts = new Multiparts(keys, intake, copies, cloud.Store);
        completion = new MultipartCompletion(keys, cloud.Store);
        reencryption = new ObjectReencryption(keys, cloud.Store);
    }

    /// <summary>Fills in bucket, key and operation of the call.</summary>
    public Func<S3Call, Task> Route(AwsCall call)
    {
        var mark = call.Target.IndexOf('?', StringComparison.Ordinal);
        var path = (mark < 0 ? call.Target.AsSpan() : call.Target.AsSpan(0, mark)).TrimStart('/');
        var slash = path.IndexOf('/');
        var bucket = slash < 0 ? path : path[..slash];
        var key = slash < 0 ? default : path[(slash + 1)..];
        call.Bucket = bucket.IsEmpty ? null : Decode(bucket);
        call.Key = key.IsEmpty ? null : Decode(key);
        var method = call.Request.Method;
        if (call.Bucket is null)
        {
            return HttpMethods.IsGet(method) ? As(call, "ListBuckets", buckets.ListBuckets)
                : As(call, "Unknown", _ => throw S3Problems.MethodNotAllowed());
        }

        return (call.Key is null ? RouteBucket(call, method) : RouteObject(call, method))
            ?? As(call, "Unknown", _ => throw S3Problems.NotModelled($"{method} {call.Target}"));
    }

    public Task HandleAsync(AwsCall call, Func<S3Call, Task> operation) => operation(new S3Call(call, cloud));

    private Func<S3Call, Task>? RouteBucket(AwsCall call, string method)
    {
        var query = call.Query;
        if (query.Has("encryption"))
        {
            return Pick(call, "BucketEncryption",
                (configs.GetBucketEncryption, configs.PutBucketEncryption, configs.DeleteBucketEncryption));
        }

        if (query.Has("policy"))
        {
            return Pick(call, "BucketPolicy",
                (configs.GetBucketPolicy, configs.PutBucketPolicy, configs.DeleteBucketPolicy));
        }

        if (query.Has("versioning"))
        {
            return Pick(call, "BucketVersioning", (configs.GetBucketVersioning, configs.PutBucketVersioning, null));
        }

        if (KeptDocument.Find(query) is { } kept)
        {
            return Pick(call, kept.OperationPart, (configs.GetDocument, configs.PutDocument, configs.DeleteDocument));
        }

        return method switch
        {
            "GET" when query.Has("location") => As(call, "GetBucketLocation", buckets.GetBucketLocation),
            "GET" when query.Has("policyStatus") => As(call, "GetBucketPolicyStatus", configs.GetBucketPolicyStatus),
            "GET" when query.Has("versions") => As(call, "ListObjectVersions", versions.ListObjectVersions),
            "GET" when query.Has("uploads") => As(call, "ListMultipartUploads", multipartLists.ListMultipartUploads),
            "GET" when query["list-type"] == "2" => As(call, "ListObjectsV2", lists.ListObjectsV2),
            "GET" when !query.Has("acl") => As(call, "ListObjects", lists.ListObjects),
            "PUT" when query.Pairs.All(pair => pair.Key == "x-id") => As(call, "CreateBucket", buckets.CreateBucket),
            "HEAD" => As(call, "HeadBucket", buckets.HeadBucket),
            "DELETE" => As(call, "DeleteBucket", buckets.DeleteBucket),
            "POST" when query.Has("delete") => As(call, "DeleteObjects", deletes.DeleteObjects),
            _ => null,
        };
    }

    private Func<S3Call, Task>? RouteObject(AwsCall call, string method)
    {
        var query = call.Query;
        var copies = call.Request.Headers.ContainsKey("x-amz-copy-source");
        if (query.Has("tagging"))
        {
            return Pick(call, "ObjectTagging",
                (tags.GetObjectTagging, tags.PutObjectTagging, tags.DeleteObjectTagging));
        }

        return method switch
        {
            "GET" when query.Has("uploadId") => As(call, "ListParts", multipartLists.ListParts),
            "GET" when query.Has("attributes") => As(call, "GetObjectAttributes", reads.GetObjectAttributes),
            "GET" when !query.Has("acl") => As(call, "GetObject", reads.GetObject),
            "HEAD" => As(call, "HeadObject", reads.HeadObject),
            "PUT"
                when query.Has("uploadId") =>
                    copies ? As(call, "UploadPartCopy", multiparts.UploadPartCopy)
                        : As(call, "UploadPart", multiparts.UploadPart),
            "PUT"
                when query.Has("encryption") => As(call, "UpdateObjectEncryption", reencryption.UpdateObjectEncryption),
            "PUT" when !query.Has("acl") && !query.Has("retention")
                && !query.Has("legal-hold") =>
                    copies ? As(call, "CopyObject", this.copies.CopyObject) : As(call, "PutObject", writes.PutObject),
            "POST" when query.Has("uploads") => As(call, "CreateMultipartUpload", multiparts.CreateMultipartUpload),
            "POST"
                when query.Has("uploadId") => As(call, "CompleteMultipartUpload", completion.CompleteMultipartUpload),
            "DELETE" when query.Has("uploadId") => As(call, "AbortMultipartUpload", multiparts.AbortMultipartUpload),
            "DELETE" => As(call, "DeleteObject", deletes.DeleteObject),
            _ => null,
        };
    }

    private static Func<S3Call, Task>? Pick(
        AwsCall call, string name,
        (Func<S3Call, Task> Get, Func<S3Call, Task> Put, Func<S3Call, Task>? Delete) operations) =>
            call.Request.Method switch
        {
            "GET" => As(call, "Get" + name, operations.Get),
            "PUT" => As(call, "Put" + name, operations.Put),
            "DELETE" when operations.Delete is not null => As(call, "Delete" + name, operations.Delete),
            _ => null,
        };

    private static Func<S3Call, Task> As(AwsCall call, string name, Func<S3Call, Task> operation)
    {
        call.Operation = name;
        return operation;
    }

    private static string Decode(ReadOnlySpan<char> text) =>
        text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();
}
