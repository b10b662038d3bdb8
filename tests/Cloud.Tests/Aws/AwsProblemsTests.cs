using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Cloud.Aws;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws;

public sealed class AwsProblemsTests
{
    [Theory]
    [InlineData("DisabledException", 400, typeof(CloudProblem.KeyUnusable))]
    [InlineData("KMS.DisabledException", 400, typeof(CloudProblem.KeyUnusable))]
    [InlineData("KMSInvalidStateException", 400, typeof(CloudProblem.KeyUnusable))]
    [InlineData("KMS.KMSInvalidStateException", 400, typeof(CloudProblem.KeyUnusable))]
    [InlineData("NotFoundException", 400, typeof(CloudProblem.NotFound))]
    [InlineData("KMS.NotFoundException", 400, typeof(CloudProblem.NotFound))]
    [InlineData("com.amazonaws.kms#NotFoundException", 400, typeof(CloudProblem.NotFound))]
    [InlineData("InvalidCiphertextException", 400, typeof(CloudProblem.WrongKey))]
    [InlineData("IncorrectKeyException", 400, typeof(CloudProblem.WrongKey))]
    [InlineData("AccessDeniedException", 400, typeof(CloudProblem.Forbidden))]
    [InlineData("AccessDenied", 403, typeof(CloudProblem.Forbidden))]
    [InlineData("ThrottlingException", 400, typeof(CloudProblem.Throttled))]
    [InlineData("SlowDown", 503, typeof(CloudProblem.Throttled))]
    [InlineData("KMSInternalException", 500, typeof(CloudProblem.Unreachable))]
    [InlineData("DependencyTimeoutException", 500, typeof(CloudProblem.Unreachable))]
    [InlineData("KeyUnavailableException", 500, typeof(CloudProblem.Unreachable))]
    [InlineData("InternalError", 200, typeof(CloudProblem.Unreachable))]
    [InlineData("ServiceUnavailable", 503, typeof(CloudProblem.Unreachable))]
    [InlineData("ExpiredTokenException", 400, typeof(CloudProblem.OwnCredentials))]
    [InlineData("ExpiredToken", 400, typeof(CloudProblem.OwnCredentials))]
    [InlineData("InvalidClientTokenId", 403, typeof(CloudProblem.OwnCredentials))]
    [InlineData("UnrecognizedClientException", 400, typeof(CloudProblem.OwnCredentials))]
    [InlineData("SignatureDoesNotMatch", 403, typeof(CloudProblem.OwnCredentials))]
    [InlineData("RequestTimeTooSkewed", 403, typeof(CloudProblem.OwnCredentials))]
    [InlineData("NoSuchBucket", 404, typeof(CloudProblem.NotFound))]
    [InlineData("NoSuchTagSet", 404, typeof(CloudProblem.NotFound))]
    [InlineData("NoSuchBucketPolicy", 404, typeof(CloudProblem.NotFound))]
    [InlineData("PreconditionFailed", 412, typeof(CloudProblem.Conflict))]
    [InlineData("BucketAlreadyExists", 409, typeof(CloudProblem.Conflict))]
    [InlineData("OperationAborted", 409, typeof(CloudProblem.Conflict))]
    [InlineData("BucketNotEmpty", 409, typeof(CloudProblem.Conflict))]
    [InlineData("InvalidKeyUsageException", 400, typeof(CloudProblem.Refused))]
    [InlineData("ValidationException", 400, typeof(CloudProblem.Refused))]
    [InlineData("SomethingNewException", 400, typeof(CloudProblem.Refused))]
    [InlineData("SomethingNewException", 500, typeof(CloudProblem.Unreachable))]
    [InlineData("SomethingNewException", 429, typeof(CloudProblem.Throttled))]
    [InlineData("", 403, typeof(CloudProblem.Forbidden))]
    [InlineData("", 404, typeof(CloudProblem.NotFound))]
    [InlineData(null, 412, typeof(CloudProblem.Conflict))]
    [InlineData(null, 200, typeof(CloudProblem.Unreachable))]
    public void Each_code_is_one_problem(string? code, int status, Type problem) =>
        AwsProblems.From(code, "words", (HttpStatusCode)status).ShouldBeOfType(problem);

    [Fact]
    public void No_failure_of_transport_speaks_of_the_key()
    {
        Exception[] failures =
        [
            new HttpRequestException("connection refused"),
            new TaskCanceledException("timed out"),
            new IOException("reset"),
            new AmazonServiceException("no answer", new HttpRequestException("DNS")),
            new AmazonUnmarshallingException("REQ", "<html>", new FormatException()),
            new AmazonS3Exception("odd", ErrorType.Unknown, "", "REQ", HttpStatusCode.OK),
            new InvalidOperationException("a bug in the SDK"),
        ];
        failures.Select(AwsProblems.From).ShouldAllBe(problem => problem is CloudProblem.Unreachable);
    }

    [Fact]
    public void Missing_credentials_are_our_own_problem() =>
        AwsProblems.From(
            new AmazonClientException("Failed to resolve AWS credentials. The credential providers used ..."))
            .ShouldBeOfType<CloudProblem.OwnCredentials>();

    [Theory]
    [InlineData(
        "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x",
        "kms:Decrypt")]
    [InlineData(
        "not authorized to perform: kms:GenerateDataKey on this resource because the resource does not exist in this "
            + "Region", "kms:GenerateDataKey")]
    [InlineData("Access Denied", null)]
    public void A_denial_names_its_action_where_the_answer_does(string message, string? action) =>
        AwsProblems.From("AccessDenied", message, HttpStatusCode.Forbidden)
            .ShouldBeOfType<CloudProblem.Forbidden>().Action.ShouldBe(action);

    [Fact]
    public void A_message_is_the_same_on_every_try()
    {
        var first = AwsProblems.From("InternalError", "We erred (Request ID: ABC123, Host ID: x/y+z=)",
            HttpStatusCode.InternalServerError);
        var second = AwsProblems.From("InternalError", "We erred (Request ID: DEF456, Host ID: q/r+s=)",
            HttpStatusCode.InternalServerError);
        first.ShouldBe(second);
    }
}
