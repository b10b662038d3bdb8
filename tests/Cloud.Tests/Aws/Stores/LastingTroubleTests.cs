using Cloud.Keys;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Stores;

/// <summary>What S3 calls passing, and does not let pass: a closing bears it for a while, and not for ever.</summary>
public sealed class LastingTroubleTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Theirs =
        """{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/x"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/*"}]}""";
    private static readonly StoreSpec spec = new(new StoreRef("eu-west-1", "acme"), "uid-1",
        new KeyRef("eu-west-1", Arn), BucketKey: true, Versioned: false);
    private static readonly DenialOrder recorded = new(IsRecorded: true, Earlier: null, (_, _) => Task.CompletedTask);
    private static readonly TimeSpan longer = TimeSpan.FromSeconds(21);

    private readonly SkippingTime time = SkippingTime.OnlyPauses();
    private string policy = Theirs;

    [Theory]
    [InlineData("tagging", 429, "SlowDown")]
    [InlineData("tagging", 503, "ServiceUnavailable")]
    [InlineData("policy", 429, "SlowDown")]
    [InlineData("policy", 409, "OperationAborted")]
    public async Task A_look_that_is_never_answered_holds_no_denial_up(string look, int status, string code)
    {
        using var cloud = Wire(request =>
            request.Method == "GET" && request.Asks(look) && !policy.Contains("Deny", StringComparison.Ordinal)
                ? ScriptedWire.S3Error(status, code)
                : null).Cloud(time);

        await DenyAsync(cloud.Stores, tries: 2);

        policy.ShouldContain("\"Deny\"");
    }

    [Fact]
    public async Task A_statement_beside_which_the_denial_is_never_taken_gives_way()
    {
        using var cloud =
            Wire(request => request.Method == "PUT" && request.Body.Contains("Theirs", StringComparison.Ordinal)
                ? ScriptedWire.S3Error(429, "SlowDown")
                : null).Cloud(time);

        await DenyAsync(cloud.Stores, tries: 2);

        policy.ShouldContain("\"Deny\"");
        policy.ShouldNotContain("Theirs");
    }

    [Theory]
    [InlineData(429, "SlowDown")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task A_denial_that_is_never_taken_is_told_as_refused(int status, string code)
    {
        using var cloud = Wire(request => request.Method == "PUT" ? ScriptedWire.S3Error(status, code) : null)
            .Cloud(time);

        (await Should.ThrowAsync<CloudException>(() => cloud.Stores.DenyAsync(spec, recorded, CancellationToken.None)))
            .Problem.ShouldNotBeOfType<CloudProblem.Refused>();
        time.Advance(longer);
        (await Should.ThrowAsync<CloudException>(() => cloud.Stores.DenyAsync(spec, recorded, CancellationToken.None)))
            .Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe(code);
    }

    private async Task DenyAsync(IObjectStores stores, int tries)
    {
        for (var left = tries; ; time.Advance(longer))
        {
            try
            {
                await stores.DenyAsync(spec, recorded, CancellationToken.None);
                return;
            }
            catch (CloudException) when (--left > 0)
            {
            }
        }
    }

    private ScriptedWire Wire(Func<WireRequest, HttpResponseMessage?> trouble) => new(request =>
    {
        if (trouble(request) is { } answer)
        {
            return answer;
        }

        policy = request.Method == "PUT" && request.Asks("policy") ? request.Body : policy;
        return request switch
        {
            { Method: "PUT" } => ScriptedWire.Xml(200, ""),
            _ when request.Asks("tagging") => S3StoreWireTests.Tagged("uid-1"),
            _ => ScriptedWire.Json(200, policy),
        };
    });
}
