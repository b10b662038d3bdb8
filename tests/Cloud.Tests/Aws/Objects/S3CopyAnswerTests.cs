using System.Net;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Aws.Objects;

/// <summary>What comes back from a copy and from a look at an object, read without the SDK.</summary>
public sealed class S3CopyAnswerTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private const string Document = "<?xml version=\"1.0\"?><CopyObjectResult><ETag>\"e2\"</ETag></CopyObjectResult>";
    private static readonly StoreRef Source = new("eu-west-1", "shared");
    private static readonly StoreRef Target = new("eu-west-1", "acme");
    private static readonly CopyOrder Order = new(
        Source, new ObjectVersion("acme/a", "v1", "e1", 3, DateTimeOffset.UnixEpoch, false, true, "STANDARD"), Target, "acme/../a//b", new KeyRef("eu-west-1", Arn), BucketKey: false);

    [Fact]
    public async Task Spaces_that_kept_a_long_copy_alive_are_no_part_of_its_answer()
    {
        var wire = new ScriptedWire(_ => Copied("  \n \n" + Document));
        using var cloud = wire.Cloud();
        (await cloud.Objects.CopyAsync(Order, CancellationToken.None)).ETag.ShouldBe("e2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<CopyObjectResult><ETag>")]
    public async Task An_answer_that_is_cut_short_is_no_copy(string body)
    {
        var wire = new ScriptedWire(_ => Copied(body));
        using var cloud = wire.Cloud();
        var failure = await Should.ThrowAsync<CloudException>(() => cloud.Objects.CopyAsync(Order, CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.Unreachable>();
    }

    [Fact]
    public async Task A_key_goes_out_as_it_is_whatever_a_path_would_make_of_it()
    {
        var wire = new ScriptedWire(_ => Copied(Document));
        using var cloud = wire.Cloud();
        await cloud.Objects.CopyAsync(Order, CancellationToken.None);
        wire.Requests.Single().Uri.OriginalString.ShouldEndWith("/acme/acme/../a//b");
    }

    [Fact]
    public async Task A_clock_that_is_off_is_corrected_by_the_server_s_and_the_request_repeated_once()
    {
        var now = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2);
        var wire = new ScriptedWire(_ => At(now, ScriptedWire.S3Error(403, "RequestTimeTooSkewed")));
        using var cloud = wire.Cloud();
        var failure = await Should.ThrowAsync<CloudException>(() => cloud.Objects.CopyAsync(Order, CancellationToken.None));
        failure.Problem.ShouldBeOfType<CloudProblem.OwnCredentials>();
        wire.Requests.Count.ShouldBe(2);
        wire.Requests.Last().Headers["x-amz-date"].ShouldStartWith($"{now.UtcDateTime:yyyyMMdd'T'HH}");
    }

    [Fact]
    public async Task A_look_tells_what_a_copy_must_carry_over()
    {
        var answer = ScriptedWire.Xml(200, "");
        answer.Content.Headers.TryAddWithoutValidation("Expires", "some day");
        answer.Content.Headers.ContentType = new("text/plain");
        answer.Headers.TryAddWithoutValidation("ETag", "\"e1\"");
        answer.Headers.TryAddWithoutValidation("x-amz-meta-Owner", "acme");
        answer.Headers.TryAddWithoutValidation("x-amz-checksum-crc64nvme", "abc=");
        answer.Headers.TryAddWithoutValidation("x-amz-checksum-type", "FULL_OBJECT");
        using var cloud = new ScriptedWire(_ => answer).Cloud();
        var facts = (await cloud.Objects.HeadAsync(Source, "acme/a", "v1", CancellationToken.None))!;
        (facts.ETag, facts.KeyId, facts.Checksum).ShouldBe(("e1", null, new Checksum("CRC64NVME", "abc=", true)));
        facts.Headers.ShouldBe(
            [new("Content-Type", "text/plain"), new("Expires", "some day"), new("x-amz-meta-owner", "acme"), new("x-amz-storage-class", "STANDARD")], ignoreOrder: true);
    }

    private static HttpResponseMessage At(DateTimeOffset now, HttpResponseMessage answer)
    {
        answer.Headers.Date = now;
        return answer;
    }

    private static HttpResponseMessage Copied(string body)
    {
        var answer = ScriptedWire.Xml((int)HttpStatusCode.OK, body);
        answer.Headers.TryAddWithoutValidation("x-amz-server-side-encryption-aws-kms-key-id", Arn);
        return answer;
    }
}
