using System.Buffers;
using System.Text;
using Kube.Core;
using Kube.Tests.Runtime;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

/// <summary>One object that can't be read is one object, in a list and in a watch.</summary>
public sealed class UnreadableObjectsTests
{
    private const string Good =
        """{"metadata":{"name":"good","namespace":"n","uid":"u1","resourceVersion":"3"},"spec":"x"}""";
    private const string Bad =
        """{"metadata":{"name":"bad","namespace":"n","uid":"u2","resourceVersion":"4","generation":2,"finalizers":["f"]},"spec":7}""";

    [Fact]
    public void A_bad_object_costs_its_page_nothing_but_itself()
    {
        var page = Parse($$$"""{"metadata":{"resourceVersion":"9"},"items":[{{{Good}}},{{{Bad}}},{{{Good}}}]}""");

        page.Items.Count.ShouldBe(2);
        page.ResourceVersion.ShouldBe("9");
        var bad = page.Unreadable.ShouldHaveSingleItem();
        bad.Key.ShouldBe(new ObjectKey("n", "bad"));
        bad.Reason.ShouldBe("spec: not a text");
        bad.Metadata.Generation.ShouldBe(2);
        bad.Metadata.Finalizers.ShouldBe(["f"]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("{}", false)]
    [InlineData("""{"metadata":7}""")]
    [InlineData("""{"metadata":{"name":7}}""", true, "7")]
    [InlineData("""{"metadata":{"name":{"a":1}}}""")]
    [InlineData("""{"metadata":{"name":"\ud800"}}""")]
    public void Whatever_stands_in_a_list_leaves_its_neighbours_readable(
        string item, bool isBad = true, string name = "")
    {
        var page = Parse($$$"""{"items":[{{{Good}}},{{{item}}},{{{Good}}}],"metadata":{"resourceVersion":"9"}}""");

        page.Items.Count(each => each.Metadata.Name == "good").ShouldBe(2);
        page.Unreadable.Count.ShouldBe(isBad ? 1 : 0);
        page.Unreadable.ShouldAllBe(bad => bad.Metadata.Name == name);
        page.ResourceVersion.ShouldBe("9");
    }

    [Fact]
    public void An_object_nested_deeper_than_a_serializer_goes_is_walked_past()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000);
        var page = Parse($$$"""{"items":[{{{Good}}},{"metadata":{"name":"deep"},"spec":{{{deep}}}},{{{Good}}}]}""");

        page.Items.Count.ShouldBe(2);
        page.Unreadable.ShouldHaveSingleItem().Metadata.Name.ShouldBe("deep");
    }

    [Fact]
    public void Metadata_that_can_not_be_read_as_a_whole_is_read_field_by_field()
    {
        var page = Parse(
            """{"items":[{"metadata":{"annotations":7,"name":"a","namespace":"n","uid":"u","resourceVersion":"5","generation":3,"deletionTimestamp":"2027-01-01t00:00:00z"}}]}""");

        var found = page.Unreadable.ShouldHaveSingleItem().Metadata;
        (found.Name, found.Namespace, found.Uid, found.ResourceVersion,
            found.Generation).ShouldBe(("a", "n", "u", "5", 3));
        found.DeletionTimestamp.ShouldBe(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void What_a_kind_wants_salvaged_is_read_out_of_the_wreck_where_it_is_a_short_text()
    {
        var page = Parse(
            """{"items":[{"metadata":{"name":"a"},"spec":{"size":7},"status":{"note":"kept","conditions":"none"}},{"metadata":{"name":"b"},"spec":1,"status":{"note":{"deep":"not kept"}}}]}""");

        page.Unreadable[0].Salvaged.ShouldBe(new Dictionary<string, string> { ["status.note"] = "kept" });
        page.Unreadable[1].Salvaged.ShouldBeEmpty();
    }

    [Fact]
    public void A_reason_names_the_field_and_never_says_what_stands_there()
    {
        var page = Parse(
            """{"items":[{"metadata":{"name":"a"},"spec":{"password":"hunter2"}},{"metadata":{"name":"b","creationTimestamp":"hunter2"}}]}""");

        page.Unreadable.Select(bad => bad.Reason)
            .ShouldBe(["spec: not a text", "metadata.creationTimestamp: not a time"]);
    }

    [Theory]
    [InlineData("ADDED")]
    [InlineData("MODIFIED")]
    public void A_watch_line_of_a_bad_object_names_it(string type)
    {
        var seen = WatchEvent.Parse<Thing>(Encoding.UTF8.GetBytes($$$"""{"type":"{{{type}}}","object":{{{Bad}}}}"""));

        seen.ShouldBeOfType<WatchEvent<Thing>.Unreadable>().Bad.Key.ShouldBe(new ObjectKey("n", "bad"));
    }

    [Fact]
    public void The_end_of_a_bad_object_is_its_end()
    {
        var seen = WatchEvent.Parse<Thing>(Encoding.UTF8.GetBytes($$$"""{"type":"DELETED","object":{{{Bad}}}}"""));

        seen.ShouldBeOfType<WatchEvent<Thing>.Deleted>().Metadata.Key.ShouldBe(new ObjectKey("n", "bad"));
    }

    private static KubeList<Thing> Parse(string json) =>
        KubeList.Parse<Thing>(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
}
