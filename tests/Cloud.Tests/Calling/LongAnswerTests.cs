using System.Collections.Concurrent;
using System.Net;
using Cloud.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Aws;
using Cloud.Tests.Azure;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Calling;

/// <summary>No answer is read whole into memory that is longer than a service's own can be.</summary>
public sealed class LongAnswerTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly KeyRef key =
        new("eu-west-1", "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    private static readonly StoreSpec store =
        new(new StoreRef("eu-west-1", "acme"), "uid-1", key, BucketKey: false, Versioned: false);

    private static readonly StoreSpec account = store with
    {
        Store = new StoreRef("westeurope", "longaccount/data")
        {
            Cloud = CloudKind.Azure,
            Scope = $"{LocalCloudAzure.PlatformSubscription}/byok",
        },
    };

    private readonly ConcurrentBag<EndlessContent> bodies = [];

    /// <summary>What readers ask for beyond a bound before they are told, for each answer.</summary>
    private const int Ahead = 1 << 20;

    [Fact]
    public async Task An_answer_of_S3_that_never_ends_says_nothing()
    {
        using var cloud = new ScriptedWire(_ => Endless(200, "<Tagging><TagSet><Tag><Key>", "application/xml")).Cloud();
        var failure =
            await Should.ThrowAsync<CloudException>(() => cloud.Stores.OwnershipAsync(store, CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.Unreachable>().Code.ShouldBe(CloudProblem.AnswerTooLong);
        ShouldBeBounded();
    }

    /// <summary>The length that a HEAD tells is the object's: one of 6 GiB could not be copied.</summary>
    [Fact]
    public async Task An_object_longer_than_any_answer_is_looked_at()
    {
        const long Length = 6L << 30;
        using var cloud = new ScriptedWire(_ =>
        {
            var answer = ScriptedWire.Xml(200, "");
            answer.Content = new ByteArrayContent([]);
            answer.Content.Headers.ContentLength = Length;
            answer.Headers.ETag = new("\"abc\"");
            return answer;
        }).Cloud();

        (await cloud.Objects.HeadAsync(store.Store, "dump", versionId: null, CancellationToken.None))!.Size
            .ShouldBe(Length);
    }

    [Fact]
    public async Task A_refusal_of_S3_that_never_ends_is_what_its_status_says()
    {
        using var cloud = new ScriptedWire(_ => Endless(403, "<Error><Code>", "application/xml")).Cloud();
        (await cloud.Stores.OwnershipAsync(store, CancellationToken.None)).ShouldBe(StoreOwnership.Forbidden);
        ShouldBeBounded();
    }

    [Fact]
    public async Task A_policy_that_never_ends_is_not_read_to_its_end_and_not_taken_for_none()
    {
        using var cloud = new ScriptedWire(request => request.Uri.Query.Contains("policy", StringComparison.Ordinal)
            ? Endless(200, "{\"Version\":\"2012-10-17\",\"Statement\":\"", "application/json")
            : ScriptedWire.Xml(200,
                "<Tagging><TagSet><Tag><Key>byok.dev/owner</Key><Value>uid-1</Value></Tag></TagSet></Tagging>")).Cloud();
        var failure = await Should.ThrowAsync<CloudException>(() =>
            cloud.Stores.LookAtDenialAsync(store, CancellationToken.None));
        failure.Problem.Code.ShouldBe(CloudProblem.AnswerTooLong);
        ShouldBeBounded();
    }

    [Theory]
    [InlineData(200, "{\"CiphertextBlob\":\"")]
    [InlineData(400, "{\"__type\":\"DisabledException\",\"message\":\"")]
    public async Task An_answer_of_KMS_that_never_ends_revokes_nothing(int status, string beginning)
    {
        using var cloud = new ScriptedWire(_ => Endless(status, beginning, "application/x-amz-json-1.1")).Cloud();
        var proof =
            await cloud.Keys.ProveAsync(key, new Dictionary<string, string>(), stored: null, CancellationToken.None);
        proof.Verdict.ShouldBe(KeyVerdict.Unknown);
        proof.Message.ShouldContain(CloudProblem.AnswerTooLong);
        ShouldBeBounded();
    }

    [Fact]
    public async Task A_longer_answer_than_any_is_not_begun_where_it_says_so_itself()
    {
        using var cloud = new ScriptedWire(_ =>
        {
            var answer = Endless(200, "<Tagging>", "application/xml");
            answer.Content.Headers.ContentLength = BoundedAnswers.MostBytes + 1;
            return answer;
        }).Cloud();
        (await Should.ThrowAsync<CloudException>(() =>
            cloud.Stores.OwnershipAsync(store, CancellationToken.None))).Problem.Code
                .ShouldBe(CloudProblem.AnswerTooLong);
        bodies.Sum(body => body.Taken).ShouldBe(0);
    }

    [Theory]
    [InlineData(Mark.MostBytes + 1)]
    [InlineData(1L << 40)]
    public async Task A_mark_that_is_larger_than_ours_are_is_not_read(long length)
    {
        using var cloud = new ScriptedWire(_ =>
        {
            var answer = Endless(200, "{", "application/json");
            answer.Content.Headers.ContentLength = length;
            return answer;
        }).Cloud();
        var failure = await Should.ThrowAsync<CloudException>(() =>
            cloud.Objects.ReadMarkAsync(store.Store, ".byok/receipt.json", CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe(CloudProblem.MarkTooLarge);
        bodies.Sum(body => body.Taken).ShouldBe(0);
    }

    [Theory]
    [InlineData(200, "{\"properties\":\"")]
    [InlineData(500, "{\"error\":{\"code\":\"")]
    public async Task An_answer_of_Resource_Manager_that_never_ends_says_nothing(int status, string beginning)
    {
        using var wire = new Replaced(stand.Server.NewAzureHandler(),
            host => host == "management.azure.com" ? Endless(status, beginning, "application/json") : null);
        using var cloud =
            stand.NewCloud(change: options => options with { Transport = wire }, time: SkippingTime.OnlyPauses());
        var failure =
            await Should.ThrowAsync<CloudException>(() => cloud.Stores.OwnershipAsync(account, CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.Unreachable>();
        ShouldBeBounded();
    }

    [Fact]
    public async Task A_token_that_never_ends_is_no_refusal_of_ours_or_of_anybodys()
    {
        using var wire = new Replaced(stand.Server.NewAzureHandler(),
            host =>
                host == "login.microsoftonline.com" ? Endless(200, "{\"access_token\":\"", "application/json") : null);
        using var cloud =
            stand.NewCloud(change: options => options with { Transport = wire }, time: SkippingTime.OnlyPauses());
        (await Should.ThrowAsync<CloudException>(() =>
            cloud.Stores.OwnershipAsync(account, CancellationToken.None))).Problem
                .ShouldBeOfType<CloudProblem.Unreachable>();
        ShouldBeBounded();
    }

    private HttpResponseMessage Endless(int status, string beginning, string type)
    {
        var content = new EndlessContent(beginning, type);
        bodies.Add(content);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }

    private void ShouldBeBounded()
    {
        bodies.ShouldNotBeEmpty();
        bodies.ShouldAllBe(body => body.Taken <= BoundedAnswers.MostBytes + Ahead);
    }

    private sealed class Replaced(
        HttpMessageHandler real, Func<string, HttpResponseMessage?> by) : DelegatingHandler(real)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (by(request.RequestUri!.Host) is not { } answer)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            answer.RequestMessage = request;
            return answer;
        }
    }
}
