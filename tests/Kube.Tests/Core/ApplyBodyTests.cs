using System.Text;
using System.Text.Json.Nodes;
using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class ApplyBodyTests
{
    /// <summary>A store whose prefix held an emoji never got a status: the server could not read the body.</summary>
    [Fact]
    public void A_character_beyond_the_basic_plane_is_one_escape() =>
        Convert(new JsonObject { ["prefix"] = "a😀b𝄞/" }.ToJsonString())
            .ShouldBe("""{"prefix":"a\U0001F600b\U0001D11E/"}""");

    [Theory]
    [InlineData("""{"a":"\u00E4\n\"\\"}""")]
    [InlineData("""{"a":"\uFFFD\uD7FF"}""")]
    [InlineData("""{"a":"\\uD83D\\uDE00"}""")]
    [InlineData("""{"a":"x\\\\"}""")]
    [InlineData("{}")]
    public void Everything_else_stays_as_it_is(string json) => Convert(json).ShouldBe(json);

    [Fact]
    public void A_backslash_before_a_pair_is_not_part_of_it() =>
        Convert("""{"a":"\\\uD83D\uDE00"}""").ShouldBe("""{"a":"\\\U0001F600"}""");

    private static string Convert(string json) =>
        Encoding.UTF8.GetString(ApplyBody.FromJson(Encoding.UTF8.GetBytes(json)));
}
