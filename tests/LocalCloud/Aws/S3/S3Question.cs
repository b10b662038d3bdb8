using LocalCloud.Aws.Iam;
using Microsoft.Extensions.Primitives;

namespace LocalCloud.Aws.S3;

/// <summary>An S3 request as a bucket policy sees it. For parts of an upload
/// the encryption headers are those it began with.</summary>
internal sealed class S3Question(AwsCall call, Principal caller) : PolicyQuestion(caller)
{
    public MultipartUpload? Upload { get; set; }

    public string? ResourceAccount { get; set; }

    protected override StringValues FindSpecific(string key)
    {
        var found = key switch
        {
            "s3:x-amz-server-side-encryption" => Upload?.SseHeader ?? call.Header("x-amz-server-side-encryption"),
            "s3:x-amz-server-side-encryption-aws-kms-key-id" =>
                Upload?.SseKeyHeader ?? call.Header("x-amz-server-side-encryption-aws-kms-key-id"),
            "s3:prefix" => call.Query["prefix"],
            "s3:delimiter" => call.Query["delimiter"],
            "s3:max-keys" => call.Query["max-keys"],
            "s3:versionid" => call.Query["versionId"],
            "s3:signatureversion" => "AWS4-HMAC-SHA256",
            "s3:authtype" => call.Claim.InQuery ? "REST-QUERY-STRING" : "REST-HEADER",
            "s3:resourceaccount" => ResourceAccount,
            "s3:tlsversion" => Secure ? "1.3" : null,
            "s3:if-none-match" => call.Header("If-None-Match"),
            "s3:if-match" => call.Header("If-Match"),
            "aws:requestedregion" => call.Claim.Region,
            "aws:sourceip" => "127.0.0.1",
            _ when key.StartsWith("s3:x-amz-", StringComparison.Ordinal) => call.Header(key["s3:".Length..]),
            _ => null,
        };
        return found;
    }
}
