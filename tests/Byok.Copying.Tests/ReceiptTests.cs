using System.Security.Cryptography;
using Cloud.Keys;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class ReceiptTests
{
    [Fact]
    public async Task A_receipt_sums_all_shards_up_and_is_found_again()
    {
        var stage = await MigratedAsync();
        var receipt = (await WriteAsync(stage)).ShouldBeOfType<ReceiptVerdict.Proved>().Receipt;
        var all = stage.Stores.All(Stage.Source, Stage.Prefix);
        receipt.Versions.ShouldBe(all.Count(one => !one.IsDeleteMarker));
        receipt.DeleteMarkers.ShouldBe(all.Count(one => one.IsDeleteMarker));
        receipt.Bytes.ShouldBe(all.Sum(one => one.Content.Length));
        receipt.Objects.ShouldBe(all.Select(one => one.Key).Distinct().Count());

        var worker = new FakeWorker(stage.Stores);
        var (found, digest) = (await new ReceiptReader(worker).ReadAsync(Stage.Target, default)).ShouldNotBeNull();
        digest.ShouldBe(
            Convert.ToHexStringLower(
                SHA256.HashData((await worker.ReadMarkAsync(Stage.Target, MarkNames.Receipt, default))!.Content.Span)),
                    "as sha256sum says of the object");
        (found with { Shards = receipt.Shards }).ShouldBe(receipt);
        found.Shards.ShouldBe(receipt.Shards);
    }

    [Fact]
    public async Task A_missing_shard_is_refused_and_nothing_is_written()
    {
        var stage = new Stage { Shards = 2 };
        CopyRunTests.Fill(stage);
        await stage.RunAsync(stage.Bulk(0));
        await stage.RunAsync(stage.Delta(0));
        (await WriteAsync(stage)).ShouldBe(new ReceiptVerdict.Refused("shard 1: is not finished"));
        (await new ReceiptReader(new FakeWorker(stage.Stores)).ReadAsync(Stage.Target, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_manifest_changed_after_the_fact_is_refused()
    {
        var stage = await MigratedAsync();
        var name = MarkNames.Chunk("delta-1", 0, 0);
        var chunk = ManifestChunk.Unpack(stage.Stores.Find(Stage.Target, name, null)!.Content, name);
        var shorter = chunk.Entries.Skip(1).SelectMany(ManifestChunk.Line).ToArray();
        stage.Stores.WriteMark(Stage.Target, name, ManifestChunk.Pack(chunk.Head, shorter), Stage.Key, null);

        (await WriteAsync(stage)).ShouldBeOfType<ReceiptVerdict.Refused>();
        await Should.ThrowAsync<ManifestDamagedException>(
            new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(stage.Retirement, _ => Task.FromResult(true),
                default));
    }

    [Fact]
    public async Task A_bulk_run_another_key_and_another_run_are_refused()
    {
        var stage = await MigratedAsync();
        var writer = new ReceiptWriter(new FakeWorker(stage.Stores));
        ReceiptOrder[] wrong =
        [
            stage.Receipt with { Fingerprint = "bulk-1" },
            stage.Receipt with { Fingerprint = "delta-2" },
            stage.Receipt with { Key = new KeyRef("eu-west-1", "arn:aws:kms:eu-west-1:222233334444:key/2") },
            stage.Receipt with { Shards = 1 },
        ];
        foreach (var order in wrong)
        {
            (await writer.WriteAsync(order, default)).ShouldBeOfType<ReceiptVerdict.Refused>();
        }
    }

    [Fact]
    public async Task A_run_seen_from_outside_tells_how_far_it_is()
    {
        var stage = await MigratedAsync();
        var reader = new RunReader(new FakeWorker(stage.Stores));
        var state = await reader.ReadAsync(Stage.Target, "delta-1", 2, default);
        state.IsFinished.ShouldBeTrue();
        state.ObjectsCopied.ShouldBe(stage.Copied.Count);
        (await reader.ReadAsync(Stage.Target, "delta-2", 2, default)).IsFinished.ShouldBeFalse();
    }

    [Fact]
    public async Task The_census_asks_only_for_what_came_after_the_copy()
    {
        var stage = await MigratedAsync();
        stage.Stores.Put(Stage.Target, "acme/later", [1, 2], Stage.Key.Id);
        stage.Stores.Put(Stage.Target, "acme/weaker", [1]);
        stage.Stores.Put(Stage.Target, "beside-the-prefix", [1]);
        var migrated = stage.Copied.Count(one => !one.IsDeleteMarker) - 3;

        var order = new CensusOrder(Stage.Target, "delta-1", 2);
        var census = await new Census(new FakeWorker(stage.Stores)).CountAsync(order, Census.DefaultQuestions, default);
        census.Verified.ShouldBe(migrated);
        census.Asked.ShouldBe(3);
        census.Counts.ShouldContain(count => count.KeyId == null && count.Objects == 2);
        census.Counts.ShouldContain(count => count.KeyId == Stage.Key.Id && count.Objects == migrated + 1);

        (await new Census(new FakeWorker(stage.Stores)).CountAsync(order, questions: 1, default)).Unasked.ShouldBe(2);
    }

    private static async Task<Stage> MigratedAsync()
    {
        var stage = new Stage { Shards = 2 };
        CopyRunTests.Fill(stage);
        await stage.MigrateAsync();
        return stage;
    }

    private static Task<ReceiptVerdict> WriteAsync(Stage stage) =>
        new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, default);
}
