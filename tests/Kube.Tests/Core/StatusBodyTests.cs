using System.Text.Json.Nodes;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class StatusBodyTests
{
    [Theory]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"b":2}}""", null)]
    [InlineData("""{"a":{"b":1}}""", """{"a":{"c":2}}""", ".a.b")]
    [InlineData("""{"a":{"b":1}}""", """{}""", ".a")]
    [InlineData("""{"a":1}""", null, "")]
    [InlineData("""{"a":null}""", """{"b":1}""", null)]
    [InlineData("""{"l":[{"t":1,"m":2},{"t":3}]}""", """{"l":[{"t":3},{"t":1,"m":2}]}""", null)]
    [InlineData("""{"l":[{"t":1,"m":2}]}""", """{"l":[{"t":9},{"t":1,"m":2}]}""", null)]
    [InlineData("""{"l":[{"t":1},{"t":1,"m":2}]}""", """{"l":[{"t":1},{"t":1}]}""", ".l[].m")]
    [InlineData("""{"l":[{"t":1}]}""", """{"l":[]}""", null)]
    [InlineData("""{"l":["x","y"]}""", """{"l":["y"]}""", null)]
    public void What_was_said_and_does_not_stand_is_found_whatever_order_lists_have(
        string said, string? stands, string? left) =>
        StatusBody.LeftOut(JsonNode.Parse(said), stands is null ? null : JsonNode.Parse(stands)).ShouldBe(left);
}
