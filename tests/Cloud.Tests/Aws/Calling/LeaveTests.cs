using Cloud.Aws;
using Cloud.Objects;
using Cloud.Stores;
using LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Calling;

/// <summary>What was decided while it was allowed is not sent once it is not:
/// the process may have slept anywhere in between.</summary>
public sealed class LeaveTests
{
    private static readonly StoreRef Store = new("eu-west-1", "acme");
    private static readonly ObjectVersion Version =
        new("acme/a", "v1", "e1", 3, DateTimeOffset.UnixEpoch, false, true, "STANDARD");

    [Fact]
    public async Task A_second_attempt_asks_again()
    {
        var isGiven = true;
        var wire = new ScriptedWire(_ =>
        {
            isGiven = false;
            return ScriptedWire.S3Error(503, "SlowDown");
        });
        using var cloud = wire.Cloud(leave: () => Demand(isGiven));

        await Should.ThrowAsync<LeaveGoneException>(() =>
            cloud.Objects.DeleteVersionsAsync(Store, [Version], CancellationToken.None));
        wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_needs_no_leave()
    {
        var wire = new ScriptedWire(_ => ScriptedWire.S3Error(404, "NoSuchKey"));
        using var cloud = wire.Cloud(leave: () => Demand(false));

        (await cloud.Objects.ReadMarkAsync(Store, ".byok/pin.json", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Leave_that_goes_while_a_request_is_made_ready_keeps_it_from_the_wire()
    {
        await using var server = await LocalCloudServer.StartAsync();
        server.Admin.CreateBucket(Store.Name, Store.Region, LocalCloudAccounts.Platform);
        var asked = 0;
        using var cloud = AwsCloud.Create(
            new AwsOptions
            {
                OperatorRoleArn = LocalCloudAccounts.OperatorRole,
                AccessKey = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
                S3Endpoint = server.Url.ToString(),
            },
            TimeProvider.System, NullLoggerFactory.Instance, () => Demand(asked++ == 0));

        await Should.ThrowAsync<LeaveGoneException>(() =>
            cloud.Objects.DeleteVersionsAsync(Store, [Version], CancellationToken.None));
        asked.ShouldBeGreaterThan(1);
        server.Admin.Count().ShouldBe(0);
    }

    private static void Demand(bool isGiven)
    {
        if (!isGiven)
        {
            throw new LeaveGoneException();
        }
    }

    private sealed class LeaveGoneException : Exception;
}
