using System.Net;
using Cloud.Aws;
using Cloud.Azure;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Calling;

/// <summary>What passes and what never will, whatever status it comes with.</summary>
public sealed class ObjectRefusalTests
{
    [Theory]
    [InlineData(403, "InvalidObjectState", "The operation is not valid for the object's storage class",
        "ObjectArchived")]
    [InlineData(400, "InvalidRequest",
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to "
            + "retrieve the object.", "ObjectUnderItsWritersKey")]
    [InlineData(403, "AccessDenied", "Access Denied because object protected by object lock.", "ObjectLocked")]
    [InlineData(400, "EntityTooLarge", "", "ObjectTooLarge")]
    public void S3_refuses_for_good(int status, string code, string words, string name) =>
        AwsProblems.From(code, words, (HttpStatusCode)status).ShouldBeOfType<CloudProblem.Refused>()
            .ShouldSatisfyAllConditions(
                refused => refused.Code.ShouldBe(name), refused => refused.Fix.ShouldNotBeNullOrEmpty());

    [Theory]
    [InlineData(409, "BlobArchived", "ObjectArchived")]
    [InlineData(409, "BlobBeingRehydrated", "ObjectArchived")]
    [InlineData(409, "BlobUsesCustomerSpecifiedEncryption", "ObjectUnderItsWritersKey")]
    [InlineData(409, "BlobImmutableDueToPolicy", "ObjectLocked")]
    public void Blob_Storage_refuses_for_good(int status, string code, string name) =>
        AzureProblems.From(status, code, "words").ShouldBeOfType<CloudProblem.Refused>().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe(name), refused => refused.Fix.ShouldNotBeNullOrEmpty());

    [Fact]
    public void What_may_pass_is_no_such_refusal()
    {
        AwsProblems.From("AccessDenied", "Access Denied", HttpStatusCode.Forbidden)
            .ShouldBeOfType<CloudProblem.Forbidden>();
        AwsProblems.From("InvalidRequest", "something else", HttpStatusCode.BadRequest)
            .ShouldBeOfType<CloudProblem.Refused>().Fix.ShouldBeNull();
        AwsProblems.From("SlowDown", "", HttpStatusCode.ServiceUnavailable).ShouldBeOfType<CloudProblem.Throttled>();
        AzureProblems.From(409, "LeaseIdMissing", "").ShouldBeOfType<CloudProblem.Conflict>();
        AzureProblems.From(409, "PendingCopyOperation", "").ShouldBeOfType<CloudProblem.Conflict>();
    }
}
