using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class CopyRunTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_version_arrives_in_order(bool isVersioned)
    {
        var stage = new Stage(isVersioned);
        Fill(stage);
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Shards_together_copy_everything_once(int shards)
    {
        var stage = new Stage { Shards = shards };
        Fill(stage);
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_changed_between_bulk_and_delta_is_mended_and_nothing_else_is_copied(bool isVersioned)
    {
        var stage = new Stage(isVersioned);
        Fill(stage);
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        var before = stage.Stores.Copies.Count;

        stage.Put("new", "n");
        stage.Put("plain", "overwritten");
        stage.Put("same", "same content", header: "other metadata");
        stage.Delete("twice");
        stage.Stores.Delete(Stage.Source, stage.Listed("gone"));
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.Done);

        stage.ShouldBeMirrored();
        (stage.Stores.Copies.Count + stage.CopiedTwice - before).ShouldBe(3);
    }

    [Fact]
    public async Task A_version_deleted_from_the_middle_leaves_the_target_too()
    {
        var stage = new Stage();
        stage.Put("k", "1");
        stage.Put("k", "2");
        stage.Put("k", "3");
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        stage.Stores.Delete(Stage.Source, [stage.Listed("k")[1]]);
        stage.Put("k", "4");
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.Done);
        stage.ShouldBeMirrored();
        stage.Stores.Copies.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_finished_shard_does_nothing_more()
    {
        var stage = new Stage();
        Fill(stage);
        await stage.RunAsync(stage.Bulk());
        var worker = new FakeWorker(stage.Stores);
        (await stage.RunAsync(stage.Bulk(), worker)).ShouldBe(CopyExit.Done);
        worker.Story.ShouldBe(["ReadMark"]);
    }

    [Fact]
    public async Task Nothing_is_copied_into_a_target_with_a_receipt()
    {
        var stage = new Stage();
        Fill(stage);
        await stage.MigrateAsync();
        (await new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, default))
            .ShouldBeOfType<ReceiptVerdict.Proved>();
        stage.Stores.Delete(Stage.Source, stage.Listed(""));

        (await stage.RunAsync(stage.Delta() with { Fingerprint = "delta-2" })).ShouldBe(CopyExit.BadArguments);
        stage.Copied.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Data_older_than_the_migration_is_not_deleted_as_a_stray()
    {
        var stage = new Stage();
        stage.Stores.Put(Stage.Target, "acme/of-somebody", [1], Stage.Key.Id);
        for (var second = 0; second < 600; second++)
        {
            stage.Time.Tick();
        }

        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.Mismatch);
        stage.Copied.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_under_another_key_ends_the_run()
    {
        var stage = new Stage();
        Fill(stage);
        stage.Stores.WrongKey = "arn:aws:kms:eu-west-1:111122223333:key/aws-s3";
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Mismatch);
        stage.Stores.AnswersWithKeyId = false;
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Mismatch);
    }

    [Fact]
    public async Task A_damaged_copy_never_counts()
    {
        var stage = new Stage();
        Fill(stage);
        stage.Stores.Damages = key => key == "acme/plain";
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Mismatch);
        stage.Copied.ShouldNotContain(one => one.Key == "acme/plain");

        var left = 2;
        stage.Stores.Damages = key => key == "acme/plain" && left-- > 0;
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
    }

    [Fact]
    public async Task In_Metadata_mode_a_copy_of_another_size_does_not_pass_the_closing_look()
    {
        var stage = new Stage { Verification = VerificationMode.Metadata };
        Fill(stage);
        stage.Stores.Damages = key => key == "acme/plain";
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.Mismatch);
    }

    [Fact]
    public async Task A_delta_needs_a_finished_bulk_run_of_as_many_shards()
    {
        var stage = new Stage();
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.BadArguments);
        await stage.RunAsync(stage.Bulk());
        (await stage.RunAsync(stage.Delta() with { Shards = 2 })).ShouldBe(CopyExit.BadArguments);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("")]
    [InlineData(".byok/x/")]
    public async Task A_prefix_that_could_reach_a_neighbour_is_refused(string prefix)
    {
        var stage = new Stage();
        var worker = new FakeWorker(stage.Stores);
        (await stage.RunAsync(stage.Bulk() with { Prefix = prefix }, worker)).ShouldBe(CopyExit.BadArguments);
        worker.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Asked_to_stop_it_checkpoints_and_goes_on_later()
    {
        var stage = new Stage();
        Fill(stage, objects: 300);
        using var stop = new CancellationTokenSource();
        var copies = 0;
        var worker = new FakeWorker(stage.Stores, operation =>
        {
            if (operation == "Copy" && ++copies == 50)
            {
                stop.Cancel();
            }

            return FakeFault.None;
        });
        (await stage.RunAsync(stage.Bulk(), worker, stop.Token)).ShouldBe(CopyExit.Terminated);
        stage.Stores.All(Stage.Target, MarkNames.Chunks("bulk-1", 0)).ShouldNotBeEmpty();
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_worker_on_the_shard_is_stopped_by_the_first_ones_chunk()
    {
        var stage = new Stage();
        Fill(stage, objects: 50);
        var isTaken = false;
        var worker = new FakeWorker(stage.Stores, operation =>
        {
            if (operation == "Copy" && !isTaken)
            {
                isTaken = true;
                stage.Stores.WriteMark(Stage.Target, MarkNames.Chunk("bulk-1", 0, 0), new byte[] { 1 }, Stage.Key,
                    null);
            }

            return FakeFault.None;
        });
        (await stage.RunAsync(stage.Bulk(), worker)).ShouldBe(CopyExit.Retry);
    }

    [Fact]
    public async Task A_key_with_more_versions_than_a_chunk_holds_survives_a_crash_in_its_middle()
    {
        var stage = new Stage();
        for (var version = 0; version < 4_500; version++)
        {
            stage.Put("hot", "x");
        }

        stage.Put("after", "a");
        var chunks = 0;
        var dying = new FakeWorker(stage.Stores, operation =>
            operation == "WriteMark" && stage.Stores.All(Stage.Target, MarkNames.Chunks("bulk-1", 0)).Count >= 2
                && chunks++ == 0
                ? FakeFault.CrashBefore
                : FakeFault.None);
        await Should.ThrowAsync<FakeWorker.DiedException>(stage.RunAsync(stage.Bulk(), dying));
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    internal static void Fill(Stage stage, int objects = 40)
    {
        stage.Put("plain", "p");
        stage.Put("empty");
        stage.Put("same", "same content");
        stage.Put("gone", "g");
        stage.Put("twice", "1", "SHA256");
        stage.Put("twice", "2", "CRC64NVME");
        stage.Put("deleted", "d");
        stage.Delete("deleted");
        stage.Put("back", "1");
        stage.Delete("back");
        stage.Put("back", "2");
        stage.Delete("never-there");
        foreach (var name
            in (string[])["a b+c%d?e&f", "ünï/çødé", "日本", "\U0001F600", "\uFFFD", "\uE000", "ctrl\u0001", "x//y",
                "x/./y"])
        {
            stage.Put(name, name);
        }

        for (var number = 0; number < objects; number++)
        {
            stage.Put($"n/{number:D4}", $"{number}",
                (number % 4) switch { 0 => "SHA256", 1 => "CRC64NVME", 2 => "CRC32C", _ => null });
        }
    }
}
