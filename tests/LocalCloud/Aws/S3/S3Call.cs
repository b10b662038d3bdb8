using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.S3;

/// <summary>One S3 request: its bucket, and what its caller may do there.</summary>
internal sealed class S3Call(AwsCall aws, AwsCloud cloud)
{
    private S3Question? question;

    public AwsCall Aws { get; } = aws;

    public AwsCloud Cloud { get; } = cloud;

    public string Key => Aws.Key ?? "";

    public CancellationToken Cancellation => Aws.Cancellation;

    public string? Header(string name) => Aws.Header(name);

    public string? Query(string name) => Aws.Query[name];

    public S3Question Question => question ??= new S3Question(Aws, Aws.Caller) { Secure = Aws.Secure };

    /// <summary>The bucket addressed, asked in its own region.</summary>
    public Bucket Bucket()
    {
        var bucket = Cloud.Store.Find(Aws.Bucket!) ?? throw S3Problems.NoSuchBucket(Aws.Bucket!);
        if (Cloud.Options.EnforceRegions && Aws.Claim.Region.Length > 0 && Aws.Claim.Region != bucket.Region)
        {
            Aws.Response.Headers["x-amz-bucket-region"] = bucket.Region;
            throw new AwsProblem(301, "PermanentRedirect",
                "The bucket you are attempting to access must be addressed using the specified endpoint. Please send "
                    + "all future requests to this endpoint.")
            {
                Detail = ("Endpoint", $"s3.{bucket.Region}.amazonaws.com"),
            };
        }

        if (Header("x-amz-expected-bucket-owner") is { } expected && expected != bucket.Owner)
        {
            throw new AwsProblem(403, "AccessDenied", "Access Denied");
        }

        return bucket;
    }

    public Bucket Permitted(string action)
    {
        var bucket = Bucket();
        Demand(bucket, action, bucket.Arn);
        return bucket;
    }

    public Bucket PermittedObject(string action)
    {
        var bucket = Bucket();
        Demand(bucket, action, bucket.ArnOf(Key));
        return bucket;
    }

    public void Demand(Bucket bucket, string action, string resource)
    {
        var says = Judge(bucket, action, resource);
        if (says is not PolicyEffect.Allows)
        {
            throw S3Problems.Denied(Aws.Caller, action, resource, says == PolicyEffect.Denies);
        }
    }

    /// <summary>What no bucket's policy has a say in: the caller's own permissions alone.</summary>
    public void DemandOfIdentity(string action, string resource)
    {
        if (Aws.Caller.IdentityPolicy is not { } own)
        {
            return;
        }

        (Question.Action, Question.Resource) = (action, resource);
        var says = own.Judge(Question);
        if (says is not PolicyEffect.Allows)
        {
            throw S3Problems.Denied(Aws.Caller, action, resource, says == PolicyEffect.Denies);
        }
    }

    public bool May(Bucket bucket, string action, string resource) =>
        Judge(bucket, action, resource) == PolicyEffect.Allows;

    /// <summary>A missing object is a 404 only to those who may list; to others it's a 403,
    /// so that they learn nothing.</summary>
    public AwsProblem Missing(Bucket bucket, string? versionId) =>
        May(bucket, "s3:ListBucket", bucket.Arn)
            ? versionId is null ? S3Problems.NoSuchKey() : S3Problems.NoSuchVersion()
            : S3Problems.Denied(Aws.Caller, "s3:ListBucket", bucket.Arn, explicitly: false);

    private PolicyEffect Judge(Bucket bucket, string action, string resource)
    {
        var policy = bucket.Policy;
        var own = Aws.Caller.IdentityPolicy;
        var sameAccount = Aws.Caller.Account == bucket.Owner;
        if (policy is null && own is null)
        {
            return sameAccount ? PolicyEffect.Allows : PolicyEffect.Silent;
        }

        Question.Action = action;
        Question.Resource = resource;
        Question.ResourceAccount = bucket.Owner;
        return Decide(policy, own, Question, sameAccount);
    }

    /// <param name="policy">The bucket's.</param>
    /// <param name="own">The caller's; null allows all.</param>
    internal static PolicyEffect Decide(
        PolicyDocument? policy, PolicyDocument? own, PolicyQuestion question, bool sameAccount)
    {
        var says = policy?.Judge(question) ?? PolicyEffect.Silent;
        var identity = own is null ? PolicyEffect.Allows : own.Judge(question);
        if (says == PolicyEffect.Denies || identity == PolicyEffect.Denies)
        {
            return PolicyEffect.Denies;
        }

        var allowed = sameAccount
            ? identity == PolicyEffect.Allows || says == PolicyEffect.Allows
            : identity == PolicyEffect.Allows && says != PolicyEffect.Silent;
        return allowed ? PolicyEffect.Allows : PolicyEffect.Silent;
    }
}
