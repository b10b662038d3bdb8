using System.Text.Json;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core.Json;

public sealed class PooledStringJsonTests
{
    [Theory]
    [InlineData("Ready")]
    [InlineData("")]
    [InlineData("quoted \"and\" escaped \\ é 😀 \n")]
    [InlineData("longer than anything that the pool would ever want to keep, because it is a note for people")]
    public void What_is_written_is_read_back(string text) => Read(Write(text)).Data!["k"].ShouldBe(text);

    [Fact]
    public void Equal_short_strings_are_one_instance()
    {
        var one = Read(Write("a-value-that-repeats"));
        var other = Read(Write("a-value-that-repeats"));
        ReferenceEquals(one.Data!["k"], other.Data!["k"]).ShouldBeTrue();
        ReferenceEquals(one.Data.Keys.Single(), other.Data.Keys.Single()).ShouldBeTrue();
    }

    [Fact]
    public void Strings_that_share_a_slot_are_never_mistaken_for_each_other()
    {
        for (var i = 0; i < 20_000; i++)
        {
            Read(Write($"v{i}")).Data!["k"].ShouldBe($"v{i}");
        }
    }

    [Fact]
    public void A_string_that_is_null_stays_null() =>
        JsonSerializer.Deserialize("""{"metadata":{"name":"a","namespace":null}}"""u8,
            ConfigMap.Json)!.Metadata.Namespace.ShouldBeNull();

    private static byte[] Write(string text) =>
        JsonSerializer.SerializeToUtf8Bytes(new ConfigMap { Data = new Dictionary<string, string> { ["k"] = text } },
            ConfigMap.Json);

    private static ConfigMap Read(byte[] json) => JsonSerializer.Deserialize(json, ConfigMap.Json)!;
}
