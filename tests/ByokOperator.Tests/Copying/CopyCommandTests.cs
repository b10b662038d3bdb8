using ByokOperator.Copying;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Copying;

public sealed class CopyCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_Jobs_arguments_are_the_order_again(bool isDelta)
    {
        var stage = new Stage();
        var options = (isDelta ? stage.Delta() : stage.Bulk()) with { BucketKey = isDelta, Shards = 4, Verification = VerificationMode.Metadata };
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

    [Fact]
    public void A_line_of_progress_tells_objects_bytes_and_rate() =>
        CopyDisplay.Line(new CopyProgress(10, 4096, 5, 1536, 64), TimeSpan.FromSeconds(2))
            .ShouldBe("5/10 objects, 1.5 KiB/4 KiB, 2/s, 64 at once");

    [Fact]
    public async Task The_gate_halves_when_told_to_slow_down_and_grows_back()
    {
        var gate = new CopyGate(64, new TestTime());
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
