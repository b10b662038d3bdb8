using Cloud;
using Cloud.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class CopyCommandTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task The_Jobs_arguments_are_the_order_again(bool isDelta, bool isReturn)
    {
        var stage = new Stage();
        var options = isDelta ? stage.Delta() : stage.Bulk();
        options = isReturn
            ? options with
            {
                Source = Stage.Target,
                Target = Stage.Source,
                Key = new KeyRef("eu-west-1", KeyRef.StoreManaged),
                Return = "f1",
                MarksKey = Stage.Key,
            } : options;
        options = options with { BucketKey = isDelta, Shards = 4, Verification = VerificationMode.Metadata };
        CopyOptions? understood = null;
        var command = CopyCommand.Create(
            order =>
            {
                understood = order;
                return new FakeWorker(stage.Stores, _ => FakeFault.FailBefore);
            },
            stage.Time,
            NullLoggerFactory.Instance);

        var root = new System.CommandLine.RootCommand { command };
        (await root.Parse([.. options.ToArguments(), "--shard", "3"]).InvokeAsync()).ShouldBe((int)CopyExit.Retry);
        understood.ShouldBe(options with { Shard = 3 });
    }

    [Theory]
    [InlineData("eu-west-1/acme")]
    [InlineData("azure:westeurope/acct/data")]
    [InlineData("azure:11111111-aaaa/byok/westeurope/acct/data")]
    public void A_store_is_one_word_and_comes_back_as_it_was(string text) =>
        PlaceText.Of(PlaceText.Store(text).ShouldNotBeNull()).ShouldBe(text);

    [Theory]
    [InlineData("acme")]
    [InlineData("eu-west-1/")]
    [InlineData("westeurope/acct/data")]
    [InlineData("azure:acct/data")]
    [InlineData("azure:sub/westeurope/acct/data")]
    public void A_store_in_no_known_form_is_none(string text) => PlaceText.Store(text).ShouldBeNull();

    [Fact]
    public void A_key_says_which_cloud_it_is_in_and_an_order_across_clouds_is_refused()
    {
        var target = PlaceText.Store("azure:s/g/westeurope/acct/data")!;
        var key = PlaceText.Key("azure:https://acme.vault.azure.net/keys/acme", target);
        (key.Cloud, key.Region,
            key.Id).ShouldBe((CloudKind.Azure, KeyRef.AnyRegion, "https://acme.vault.azure.net/keys/acme"));
        PlaceText.Of(key).ShouldBe("azure:https://acme.vault.azure.net/keys/acme");
        (new Stage().Bulk() with { Target = target, Key = key }).Fault()
            .ShouldBe("--source and --target must be in the same cloud");
    }

    [Fact]
    public void A_line_of_progress_tells_objects_bytes_and_rate() =>
        CopyDisplay.Line(new CopyProgress(10, 4096, 5, 1536, 64), TimeSpan.FromSeconds(2))
            .ShouldBe("5/10 objects, 1.5 KiB/4 KiB, 2/s, 64 at once");

    [Fact]
    public async Task The_gate_halves_when_told_to_slow_down_and_grows_back()
    {
        var gate = new AdaptiveConcurrency(64, new TestTime());
        gate.SlowDown();
        gate.SlowDown();
        gate.Limit.ShouldBe(32);
        for (var key = 0; key < 32; key++)
        {
            await gate.EnterAsync(default);
            gate.Leave();
        }

        gate.Limit.ShouldBe(33);
    }
}
