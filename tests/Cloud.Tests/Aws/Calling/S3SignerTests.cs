using Amazon.Runtime;
using Cloud.Aws.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Calling;

public sealed class S3SignerTests
{
    /// <summary>The request, the credentials and the signature of AWS's own documentation of signing for S3.</summary>
    [Fact]
    public void A_request_is_signed_as_AWS_documents_it()
    {
        var request = new S3Request(HttpMethod.Get, "/", "lifecycle=", new(StringComparer.Ordinal)
        {
            ["host"] = "examplebucket.s3.amazonaws.com",
            ["x-amz-date"] = "20130524T000000Z",
            ["x-amz-content-sha256"] = S3Signer.EmptyBody,
        });
        var credentials = new ImmutableCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);

        new S3Signer("us-east-1").Authorize(request, credentials, "20130524T000000Z").ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            + "SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
            + "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }

    [Fact]
    public void The_days_key_is_not_used_for_other_credentials()
    {
        var signer = new S3Signer("us-east-1");
        string Sign(string secret) => signer.Authorize(
            new S3Request(HttpMethod.Get, "/", "", new(StringComparer.Ordinal) { ["host"] = "a" }), new ImmutableCredentials("AKIA", secret, null), "20130524T000000Z");

        var first = Sign("one");
        Sign("two").ShouldNotBe(first);
        Sign("one").ShouldBe(first);
    }

    [Theory]
    [InlineData("plain/key-1_2.3~4", "plain/key-1_2.3~4")]
    [InlineData("a b+c", "a%20b%2Bc")]
    [InlineData("../x//y/./z", "../x//y/./z")]
    [InlineData("schlüssel/🔑?versionId=1", "schl%C3%BCssel/%F0%9F%94%91%3FversionId%3D1")]
    public void A_key_is_encoded_by_its_bytes_and_keeps_its_slashes(string key, string path) => S3Path.OfKey(key).ShouldBe(path);
}
