namespace LocalCloud.Aws.S3;

/// <summary>Bucket configurations: encryption, policy and versioning act; the others are kept and given back.</summary>
internal sealed class ConfigDocuments
{
    public const string BlockAllPublicAccess =
        $"""<PublicAccessBlockConfiguration xmlns="{S3Xml.Space}"><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>""";

    public static string Ownership(string rule) =>
        $"""<OwnershipControls xmlns="{S3Xml.Space}"><Rule><ObjectOwnership>{rule}</ObjectOwnership></Rule></OwnershipControls>""";

    public async Task PutBucketEncryption(S3Call call)
    {
        var bucket = call.Permitted("s3:PutEncryptionConfiguration");
        var (root, _) = await S3Xml.ReadAsync(call);
        bucket.Encryption = EncryptionDocument.Read(root);
        await S3Xml.SendEmptyAsync(call);
    }

    public Task GetBucketEncryption(S3Call call)
    {
        var bucket = call.Permitted("s3:GetEncryptionConfiguration");
        return S3Xml.SendAsync(call, "ServerSideEncryptionConfiguration",
            xml => EncryptionDocument.Write(xml, bucket.Encryption));
    }

    public Task DeleteBucketEncryption(S3Call call)
    {
        call.Permitted("s3:PutEncryptionConfiguration").Encryption = DefaultEncryption.S3Managed;
        return S3Xml.SendEmptyAsync(call, 204);
    }

    public async Task PutBucketPolicy(S3Call call)
    {
        var bucket = PolicyBucket(call, "s3:PutBucketPolicy");
        bucket.Policy = BucketPolicyRules.Check(call, bucket,
            await new BodyReader(call).ReadAllAsync(BucketPolicyRules.MaxBytes * 8));
        await S3Xml.SendEmptyAsync(call, 204);
    }

    public Task GetBucketPolicy(S3Call call)
    {
        var bucket = PolicyBucket(call, "s3:GetBucketPolicy");
        return bucket.Policy is { } policy ? S3Xml.SendTextAsync(call, policy.Text, "application/json")
            : throw new AwsProblem(404, "NoSuchBucketPolicy",
                "The bucket policy does not exist") { Detail = ("BucketName", bucket.Name) };
    }

    public Task DeleteBucketPolicy(S3Call call)
    {
        PolicyBucket(call, "s3:DeleteBucketPolicy").Policy = null;
        return S3Xml.SendEmptyAsync(call, 204);
    }

    public Task GetBucketPolicyStatus(S3Call call)
    {
        var bucket = call.Permitted("s3:GetBucketPolicyStatus");
        var isPublic = bucket.Policy?.Statements.Any(one => one.IsPublic) == true;
        return S3Xml.SendAsync(call, "PolicyStatus",
            xml => xml.WriteElementString("IsPublic", isPublic ? "true" : "false"));
    }

    public async Task PutBucketVersioning(S3Call call)
    {
        var bucket = call.Permitted("s3:PutBucketVersioning");
        var (root, _) = await S3Xml.ReadAsync(call);
        bucket.Versioning = root.Text("Status") switch
        {
            "Enabled" => Versioning.Enabled,
            "Suspended" => Versioning.Suspended,
            _ =>
                throw new AwsProblem(400, "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified"),
        };
        await S3Xml.SendEmptyAsync(call);
    }

    public Task GetBucketVersioning(S3Call call)
    {
        var bucket = call.Permitted("s3:GetBucketVersioning");
        return S3Xml.SendAsync(call, "VersioningConfiguration", xml =>
        {
            if (bucket.Versioning != Versioning.Off)
            {
                xml.WriteElementString("Status", bucket.Versioning.ToString());
            }
        });
    }

    /// <summary>PUT of a configuration that is only kept.</summary>
    public async Task PutDocument(S3Call call)
    {
        var kind = KeptDocument.Of(call);
        var bucket = call.Permitted("s3:Put" + kind.Permission);
        var (_, text) = await S3Xml.ReadAsync(call);
        bucket.Documents[kind.Query] = text;
        await S3Xml.SendEmptyAsync(call, kind.Query == "tagging" ? 204 : 200);
    }

    public Task GetDocument(S3Call call)
    {
        var kind = KeptDocument.Of(call);
        var bucket = call.Permitted("s3:Get" + kind.Permission);
        if (bucket.Documents.TryGetValue(kind.Query, out var text))
        {
            return S3Xml.SendTextAsync(call, text, "application/xml");
        }

        return kind.EmptyRoot is { } root ? S3Xml.SendAsync(call, root, _ => { })
            : throw new AwsProblem(404, kind.MissingCode,
                $"The {kind.Query} configuration was not found") { Detail = ("BucketName", bucket.Name) };
    }

    public Task DeleteDocument(S3Call call)
    {
        var kind = KeptDocument.Of(call);
        call.Permitted("s3:Put" + kind.Permission).Documents.TryRemove(kind.Query, out _);
        return S3Xml.SendEmptyAsync(call, 204);
    }

    /// <summary>The owner's root user can always mend a policy that shuts everybody out.</summary>
    private static Bucket PolicyBucket(S3Call call, string action)
    {
        var bucket = call.Bucket();
        if (call.Aws.Caller.Account != bucket.Owner)
        {
            throw new AwsProblem(call.May(bucket, action, bucket.Arn) ? 405
                : 403, call.May(bucket, action, bucket.Arn) ? "MethodNotAllowed" : "AccessDenied", "Access Denied");
        }

        if (!call.Aws.Caller.IsRoot)
        {
            call.Demand(bucket, action, bucket.Arn);
        }

        return bucket;
    }
}
