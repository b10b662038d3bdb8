using Azure.Core;
using Cloud.Azure;
using Cloud.Azure.Calling;
using Cloud.Calling;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Calling;

public sealed class AzureCallerTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly Uri Group = new(
        $"https://management.azure.com/subscriptions/{LocalCloudAzure.PlatformSubscription}/resourceGroups/byok?api-version=2022-09-01");

    private static AzureCall Look =>
        new("arm:GetResourceGroup", RequestMethod.Get, Group, AzureAudience.ResourceManager);

    private static AzureCall Change =>
        new("arm:PutVault", RequestMethod.Put, Group, AzureAudience.ResourceManager)
        {
            Body = "{}"u8.ToArray(),
            Headers = [("Content-Type", "application/json")],
        };

    [Fact]
    public async Task The_pods_token_opens_our_own_directory()
    {
        var evidence = new Evidence();

        var reply = await stand.Cloud.Caller.SendAsync(Look, evidence, CancellationToken.None);

        reply.Status.ShouldBe(200);
        reply.Body.ToString().ShouldContain("\"byok\"");
        evidence.ToList().ShouldHaveSingleItem().RequestId.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task What_a_call_accepts_is_an_answer_and_the_rest_is_a_problem()
    {
        var missing = Look with { Uri = new(Group.ToString().Replace("/byok?", "/nobody?", StringComparison.Ordinal)) };

        (await stand.Cloud.Caller.SendAsync(missing with { Accepts = [404] }, CancellationToken.None)).Status
            .ShouldBe(404);

        var refused = await Should.ThrowAsync<CloudException>(() =>
            stand.Cloud.Caller.SendAsync(missing, CancellationToken.None));
        refused.Problem.ShouldBeOfType<CloudProblem.NotFound>().Code.ShouldBe("ResourceGroupNotFound");
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_told_apart_from_a_silent_server()
    {
        var call = new AzureCall("vault:GetKey", RequestMethod.Get,
            new("https://nobody-has-this.vault.azure.net/keys/a?api-version=7.4"),
            AzureAudience.Vault) { RetryPolicy = CallRetryPolicy.Once };

        var refused =
            await Should.ThrowAsync<CloudException>(() => stand.Cloud.Caller.SendAsync(call, CancellationToken.None));

        refused.Problem.ShouldBeOfType<CloudProblem.Unreachable>().Code.ShouldBe("NameNotResolved");
    }

    [Fact]
    public async Task Entra_down_says_nothing_of_anything_else()
    {
        stand.Admin.SetUnreachable("entra", true);
        using var cloud = stand.NewCloud();
        try
        {
            var refused = await Should.ThrowAsync<CloudException>(() =>
                cloud.Caller.SendAsync(Look with { RetryPolicy = CallRetryPolicy.Once }, CancellationToken.None));

            refused.Problem.ShouldBeOfType<CloudProblem.Unreachable>().Code.ShouldBe("EntraUnreachable");
        }
        finally
        {
            stand.Admin.SetUnreachable("entra", false);
        }
    }

    [Fact]
    public async Task Credentials_that_are_not_ours_any_more_are_our_own_affair()
    {
        using var cloud =
            stand.NewCloud(change: options => options with { FederatedTokenFile = null, ClientSecret = "wrong" });

        var refused =
            await Should.ThrowAsync<CloudException>(() => cloud.Caller.SendAsync(Look, CancellationToken.None));

        refused.Problem.ShouldBeOfType<CloudProblem.OwnCredentials>(refused.ToString()).Code.ShouldBe("AADSTS7000215");
    }

    [Fact]
    public async Task A_change_asks_for_leave_before_each_attempt_and_a_look_does_not()
    {
        using var cloud = stand.NewCloud(() => throw new LeaveGoneException(),
            options => options with { Connections = null, Transport = stand.Server.NewAzureHandler() });

        await cloud.Caller.SendAsync(Look, CancellationToken.None);
        await Should.ThrowAsync<LeaveGoneException>(() => cloud.Caller.SendAsync(Change, CancellationToken.None));
    }

    [Fact]
    public async Task Leave_that_goes_while_a_request_is_made_ready_keeps_it_from_the_wire()
    {
        var asked = 0;
        using var cloud = stand.NewCloud(() =>
        {
            if (asked++ > 0)
            {
                throw new LeaveGoneException();
            }
        });

        await Should.ThrowAsync<LeaveGoneException>(() =>
            cloud.Caller.SendAsync(Change with { RetryPolicy = CallRetryPolicy.Once }, CancellationToken.None));

        asked.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_throttled_look_is_tried_again_and_a_call_that_may_only_be_made_once_is_not()
    {
        stand.Server.Admin.AddFault(new FaultRule(new FaultEffect.Throttle()) { Service = "arm", Count = 1 });
        (await stand.Cloud.Caller.SendAsync(Look, CancellationToken.None)).Status.ShouldBe(200);

        stand.Server.Admin.AddFault(new FaultRule(new FaultEffect.Throttle()) { Service = "arm", Count = 1 });
        var refused = await Should.ThrowAsync<CloudException>(() =>
            stand.NewCloud().Caller.SendAsync(
                Look with { RetryPolicy = CallRetryPolicy.Once }, CancellationToken.None));
        refused.Problem.ShouldBeOfType<CloudProblem.Throttled>();
    }

    private sealed class LeaveGoneException : Exception;
}
