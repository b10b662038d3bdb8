using System.Text;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure;

public sealed class AzureProblemsTests
{
    [Theory]
    [InlineData(403, "KeyDisabled", typeof(CloudProblem.KeyUnusable))]
    [InlineData(403, "ForbiddenByRbac", typeof(CloudProblem.Forbidden))]
    [InlineData(404, "KeyNotFound", typeof(CloudProblem.NotFound))]
    [InlineData(409, "ObjectIsDeletedButRecoverable", typeof(CloudProblem.Conflict))]
    [InlineData(403, "RequestDisallowedByPolicy", typeof(CloudProblem.Forbidden))]
    [InlineData(503, "ServerBusy", typeof(CloudProblem.Throttled))]
    [InlineData(401, "Unauthorized", typeof(CloudProblem.OwnCredentials))]
    [InlineData(429, null, typeof(CloudProblem.Throttled))]
    [InlineData(500, null, typeof(CloudProblem.Unreachable))]
    [InlineData(301, null, typeof(CloudProblem.Unreachable))]
    [InlineData(400, "BadParameter", typeof(CloudProblem.Refused))]
    [InlineData(418, "SomethingNew", typeof(CloudProblem.Refused))]
    public void A_code_has_one_meaning_and_an_unknown_one_follows_its_status(int status, string? code, Type meaning) =>
        AzureProblems.From(status, code, "no").ShouldBeOfType(meaning);

    [Fact]
    public void The_inner_code_of_key_vault_is_the_one_that_counts() =>
        AzureRefusal.Parse(
            Encoding.UTF8.GetBytes(
                """{"error":{"code":"Forbidden","message":"Operation get","innererror":{"code":"KeyDisabled"}}}"""))
            .ShouldBe(("KeyDisabled", "Operation get"));

    [Theory]
    [InlineData("<html><body>a proxy</body>")]
    [InlineData("{ cut sho")]
    [InlineData("")]
    public void What_is_no_answer_of_azure_has_no_code(string body) =>
        AzureRefusal.Parse(Encoding.UTF8.GetBytes(body)).Code.ShouldBeNull();

    [Fact]
    public void A_message_is_the_same_on_every_try() =>
        AzureProblems.From(404, "BlobNotFound",
            "The blob is not there.\nRequestId:1f-2\nTime:2026-01-01T00:00:00.1Z").Message
                .ShouldBe("The blob is not there.");

    [Fact]
    public void The_missing_action_is_named() =>
        AzureProblems.From(403, "ForbiddenByRbac",
            "Caller is not authorized.\r\nAction: 'Microsoft.KeyVault/vaults/keys/wrap/action'\r\nResource: 'x'")
            .ShouldBeOfType<CloudProblem.Forbidden>().Action.ShouldBe("Microsoft.KeyVault/vaults/keys/wrap/action");
}
