using System.Text;
using System.Text.Json;
using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws.S3;

/// <summary>
/// What S3 refuses of a bucket's policy when it is put. What stands already is never judged again: a role that is
/// deleted later, or public access that is blocked later, leaves it in force
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html: "enabling this
/// setting doesn't affect existing bucket policies").
/// </summary>
internal static class BucketPolicyRules
{
    /// <summary>https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html: "Bucket policies are
    /// limited to 20 KB in size."</summary>
    public const int MaxBytes = 20 * 1024;

    private const string ConfirmHeader = "x-amz-confirm-remove-self-bucket-access";

    public static PolicyDocument Check(S3Call call, Bucket bucket, byte[] body)
    {
        if (body.Length > MaxBytes)
        {
            throw new AwsProblem(400, "PolicyTooLarge",
                "Normalized policy document exceeds the maximum allowed size of 20480 bytes.");
        }

        var policy = Parse(Encoding.UTF8.GetString(body), bucket, call.Cloud.Identities.Principals);
        if (BlocksPublicPolicy(bucket) && policy.Statements.Any(one => one.IsPublic))
        {
            throw new AwsProblem(403, "AccessDenied",
                $"User: {call.Aws.Caller.Arn} is not authorized to perform: s3:PutBucketPolicy on resource: "
                    + $"\"{bucket.Arn}\" because public policies are prevented by the BlockPublicPolicy setting in S3 "
                    + "Block Public Access.");
        }

        DemandNoLockOut(call, bucket, policy);
        return policy;
    }

    /// <summary>
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: who would shut itself out has to
    /// confirm it. The code of the refusal is documented nowhere.
    /// </summary>
    private static void DemandNoLockOut(S3Call call, Bucket bucket, PolicyDocument policy)
    {
        if (call.Aws.Caller.IsRoot
            || string.Equals(call.Header(ConfirmHeader), "true", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        (call.Question.Action, call.Question.Resource, call.Question.ResourceAccount) =
            ("s3:PutBucketPolicy", bucket.Arn, bucket.Owner);
        if (policy.Judge(call.Question) == PolicyEffect.Denies)
        {
            throw new AwsProblem(403, "AccessDenied",
                "The policy would remove your permissions to change this bucket policy in the future; confirm it with "
                    + ConfirmHeader + ".");
        }
    }

    private static PolicyDocument Parse(string text, Bucket bucket, PrincipalBook principals)
    {
        try
        {
            var policy = PolicyDocument.Parse(PrincipalNames.Rewrite(text, name => principals.Resolve(name) ?? name));
            var orphans = policy.Statements.Any(one =>
                one.Principals is null || one.Actions.Patterns.Count == 0 || one.Resources.Patterns.Count == 0
                    || one.Resources.Patterns.Any(resource =>
                        resource != "*" && resource != bucket.Arn
                            && !resource.StartsWith(bucket.Arn + "/", StringComparison.Ordinal)
                            && !resource.StartsWith(bucket.Arn + "*", StringComparison.Ordinal)));
            return orphans ? throw new FormatException("Policy has invalid resource")
                : policy.Statements.SelectMany(one => one.Principals!.Names)
                    .All(name => principals.Resolve(name) is not null) ? policy
                : throw new FormatException("Invalid principal in policy");
        }
        catch (Exception wrong)
            when (wrong is FormatException or InvalidOperationException or JsonException or ArgumentException)
        {
            throw new AwsProblem(400, "MalformedPolicy", wrong is FormatException ? wrong.Message
                : "Policies must be valid JSON and the first byte must be '{'");
        }
    }

    private static bool BlocksPublicPolicy(Bucket bucket) =>
        bucket.Documents.TryGetValue("publicAccessBlock", out var text)
            && text.Contains("<BlockPublicPolicy>true</BlockPublicPolicy>", StringComparison.OrdinalIgnoreCase);
}
