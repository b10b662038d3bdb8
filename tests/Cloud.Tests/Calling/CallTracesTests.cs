using System.Collections.Concurrent;
using System.Diagnostics;
using Cloud.Calling;
using Cloud.Keys;
using Cloud.Tests.Aws;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Calling;

public sealed class CallTracesTests : IDisposable
{
    private const string Secret = "what-only-the-wire-may-know";

    private readonly ConcurrentQueue<Activity> ended = [];
    private readonly ActivityListener listener;

    public CallTracesTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CallTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    [Fact]
    public async Task A_refused_call_is_a_span_with_its_code_and_its_request_id_and_nothing_of_what_was_said()
    {
        const string Region = "traced-1";
        var wire = new ScriptedWire(_ => ScriptedWire.KmsError("AccessDeniedException", Secret));
        using var cloud = wire.Cloud();

        await cloud.Keys.DescribeAsync(KeyIn(Region), CancellationToken.None).ShouldThrowAsync<CloudException>();

        var span = SpanIn(Region);
        span.OperationName.ShouldBe("kms:DescribeKey");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Status.ShouldBe(ActivityStatusCode.Error);
        TagsOf(span)["error.type"].ShouldBe("AccessDeniedException");
        TagsOf(span)["cloud.request_id"].ShouldBe("REQ1");
        Everything(span).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Each_attempt_is_a_span_of_its_own()
    {
        const string Region = "traced-2";
        var asked = 0;
        var wire = new ScriptedWire(_ =>
            ++asked == 1 ? ScriptedWire.KmsError("ThrottlingException") : ScriptedWire.KmsError("NotFoundException"));
        using var cloud = wire.Cloud();

        await cloud.Keys.DescribeAsync(KeyIn(Region), CancellationToken.None).ShouldThrowAsync<CloudException>();

        ended.Where(span => TagsOf(span).GetValueOrDefault("cloud.region") == Region)
            .Select(span => TagsOf(span)["outcome"]).ShouldBe(["Throttled", "NotFound"]);
    }

    public void Dispose() => listener.Dispose();

    private static KeyRef KeyIn(string region) =>
        new(region, $"arn:aws:kms:{region}:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab");

    private Activity SpanIn(string region) =>
        ended.First(span => TagsOf(span).GetValueOrDefault("cloud.region") == region);

    private static Dictionary<string, string> TagsOf(Activity span) =>
        span.TagObjects.Where(tag => tag.Value is not null).ToDictionary(tag => tag.Key, tag => $"{tag.Value}");

    private static string Everything(Activity span) =>
        string.Join('\n',
            [span.DisplayName, span.StatusDescription ?? "", .. TagsOf(span).Values,
                .. span.Events.Select(one => one.Name)]);
}
