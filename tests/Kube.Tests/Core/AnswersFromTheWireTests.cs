using System.Buffers;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class AnswersFromTheWireTests
{
    [Fact]
    public void A_page_gives_its_items_its_version_and_where_to_go_on()
    {
        var page = KubeList.Parse<ConfigMap>(InParts("""
            {"kind":"ConfigMapList","unknown":{"deep":[1,{"x":2}]},"metadata":{"resourceVersion":"12","continue":"next","remainingItemCount":3},
             "items":[{"metadata":{"name":"a","managedFields":[{"manager":"m"}]},"data":{"k":"v"},"later":true},{"metadata":{"name":"b"}}]}
            """));

        page.Items.Select(item => item.Metadata.Name).ShouldBe(["a", "b"]);
        page.Items[0].Data!["k"].ShouldBe("v");
        page.ResourceVersion.ShouldBe("12");
        page.Continue.ShouldBe("next");
        page.Metadata.RemainingItemCount.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1","continue":""},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[]}""")]
    [InlineData("""{"items":[],"metadata":{"resourceVersion":"1","continue":null}}""")]
    public void An_empty_page_is_the_last_one(string json)
    {
        var page = KubeList.Parse<ConfigMap>(new(Utf8(json)));

        page.Items.ShouldBeEmpty();
        page.Continue.ShouldBeNull();
        page.ResourceVersion.ShouldBe("1");
    }

    [Theory]
    [InlineData("""[1]""")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[{"metadata":{"na""")]
    [InlineData("")]
    public void What_is_not_a_list_is_refused(string json) =>
        Should.Throw<JsonException>(() => KubeList.Parse<ConfigMap>(new(Utf8(json))));

    [Theory]
    [InlineData("ADDED")]
    [InlineData("MODIFIED")]
    public void Added_and_modified_both_mean_changed(string type)
    {
        var seen = WatchEvent.Parse<ConfigMap>(
            Utf8($$$"""{"object":{"metadata":{"name":"a"},"type":"inner"},"type":"{{{type}}}"}"""));

        seen.ShouldBeOfType<WatchEvent<ConfigMap>.Changed>().Resource.Metadata.Name.ShouldBe("a");
    }

    [Fact]
    public void A_deleted_object_is_named_whatever_else_stands_in_it() =>
        WatchEvent.Parse<ConfigMap>(Utf8("""{"type":"DELETED","object":{"metadata":{"name":"a"},"data":7}}"""))
            .ShouldBeOfType<WatchEvent<ConfigMap>.Deleted>().Metadata.Name.ShouldBe("a");

    [Fact]
    public void A_bookmark_moves_the_version() =>
        WatchEvent.Parse<ConfigMap>(
            Utf8("""{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"99"}}}"""))
            .ShouldBe(new WatchEvent<ConfigMap>.Bookmark("99"));

    [Fact]
    public void An_error_line_carries_the_status()
    {
        var seen = WatchEvent.Parse<ConfigMap>(
            Utf8("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"""));

        seen.ShouldBeOfType<WatchEvent<ConfigMap>.Failed>().Status.IsExpired.ShouldBeTrue();
    }

    [Fact]
    public void A_type_of_a_later_version_is_passed_over() =>
        WatchEvent.Parse<ConfigMap>(Utf8("""{"type":"PAUSED","object":{}}""")).ShouldBeNull();

    [Fact]
    public void A_metadata_view_reads_metadata_and_nothing_else()
    {
        var seen = WatchEvent.Parse<PartialObject<Secret>>(Utf8(
            """{"type":"ADDED","object":{"kind":"PartialObjectMetadata","metadata":{"name":"s","labels":{"a":"b"}}}}"""));

        seen.ShouldBeOfType<WatchEvent<PartialObject<Secret>>.Changed>().Resource.Metadata.Labels!["a"].ShouldBe("b");
    }

    [Theory]
    [InlineData(404, "NotFound", "NotFound")]
    [InlineData(409, "Conflict", "Conflict")]
    [InlineData(409, "AlreadyExists", "AlreadyExists")]
    [InlineData(410, "Expired", "Expired")]
    [InlineData(410, "Gone", "Expired")]
    [InlineData(429, "TooManyRequests", "Throttled")]
    [InlineData(403, "Forbidden", "Forbidden")]
    [InlineData(422, "Invalid", "Invalid")]
    [InlineData(0, "Unreachable", "Unreachable")]
    [InlineData(500, "InternalError", "")]
    public void A_status_is_exactly_one_kind_of_no(int code, string reason, string kind)
    {
        var status = new KubeStatus { Code = code, Reason = reason };
        var kinds = new (string Name, bool Is)[]
        {
            ("NotFound", status.IsNotFound), ("Conflict", status.IsConflict), ("AlreadyExists", status.IsAlreadyExists),
            ("Expired", status.IsExpired),
            ("Throttled", status.IsThrottled), ("Forbidden", status.IsForbidden), ("Invalid", status.IsInvalid),
            ("Unreachable", status.IsUnreachable),
        };

        string.Join(",", kinds.Where(each => each.Is).Select(each => each.Name)).ShouldBe(kind);
    }

    [Fact]
    public void A_secret_is_bytes_in_code_and_base64_on_the_wire()
    {
        var secret =
            new Secret { Metadata = new() { Name = "s" }, Data = new Dictionary<string, byte[]> { ["k"] = [1, 2, 3] } };

        var json = JsonSerializer.Serialize(secret, Secret.Json);

        json.ShouldContain("\"AQID\"");
        JsonSerializer.Deserialize(json, Secret.Json)!.Data!["k"].ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Times_are_written_in_utc_with_the_digits_their_type_has()
    {
        var at = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)).AddMicroseconds(70);

        JsonSerializer.Serialize(new V1LeaseSpec { RenewTime = at.UtcDateTime }, CoreJson.Default.V1LeaseSpec)
            .ShouldBe("""{"renewTime":"2026-01-02T03:04:05.000070Z"}""");
        JsonSerializer.Serialize(new ObjectMeta { Name = "a", DeletionTimestamp = at }, CoreJson.Default.ObjectMeta)
            .ShouldBe("""{"name":"a","deletionTimestamp":"2026-01-02T03:04:05Z"}""");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>As bodies arrive: cut anywhere, in the middle of a name too.</summary>
    private static ReadOnlySequence<byte> InParts(string text)
    {
        var bytes = Utf8(text);
        var first = new Part(bytes.AsMemory(0, 1), 0);
        var last = first;
        for (var at = 1; at < bytes.Length; at += 5)
        {
            last = last.Then(bytes.AsMemory(at, Math.Min(5, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Part Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Part(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
