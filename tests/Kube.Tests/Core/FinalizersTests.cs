using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class FinalizersTests
{
    [Fact]
    public void The_first_one_is_added_only_where_there_is_none() =>
        Text(Finalizers.Adding(new ObjectMeta { Uid = "u" }, "byok.dev/x")).ShouldBe(
            """[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/metadata/finalizers","value":null},"""
            + """{"op":"add","path":"/metadata/finalizers","value":["byok.dev/x"]}]""");

    [Fact]
    public void The_next_one_is_added_behind_exactly_those_that_were_seen() =>
        Text(Finalizers.Adding(new ObjectMeta { Finalizers = ["a/b"] }, "byok.dev/x")).ShouldBe(
            """[{"op":"test","path":"/metadata/finalizers","value":["a/b"]},{"op":"add","path":"/metadata/finalizers/-","value":"byok.dev/x"}]""");

    [Fact]
    public void Only_our_own_is_removed_and_only_if_it_still_stands_where_it_was_seen() =>
        Text(Finalizers.Removing(new ObjectMeta { Uid = "u", Finalizers = ["a/b", "byok.dev/x", "c/d"] }, "byok.dev/x"))
            .ShouldBe(
                """[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/metadata/finalizers/1","value":"byok.dev/x"},"""
                + """{"op":"remove","path":"/metadata/finalizers/1"}]""");

    [Fact]
    public void There_is_nothing_to_send_when_it_is_as_wanted()
    {
        Finalizers.Adding(new ObjectMeta { Finalizers = ["byok.dev/x"] }, "byok.dev/x").ShouldBeNull();
        Finalizers.Removing(new ObjectMeta { Finalizers = ["a/b"] }, "byok.dev/x").ShouldBeNull();
        Finalizers.Removing(new ObjectMeta(), "byok.dev/x").ShouldBeNull();
    }

    [Fact]
    public void A_path_segment_escapes_its_separators() => JsonPatch.Escape("a/b~c").ShouldBe("a~1b~0c");

    private static string Text(JsonPatch? patch) => patch!.ToJson().ToJsonString();
}
