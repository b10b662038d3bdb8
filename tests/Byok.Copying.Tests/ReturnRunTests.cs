using System.Text;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>A worker that brings a store's data back to the shared place.</summary>
public sealed class ReturnRunTests
{
    private static readonly KeyRef shared = new("eu-west-1", KeyRef.StoreManaged);

    private readonly Stage stage = new();

    public ReturnRunTests()
    {
        Put("a", "one");
        Put("a", "two");
        Put("b/c", "three");
        stage.Stores.Mark(Stage.Target, Stage.Prefix + "gone");
        // of the way there: it forbids nothing on the way back
        stage.Stores.WriteMark(Stage.Target, MarkNames.Receipt, "{}"u8.ToArray(), Stage.Key, null);
    }

    private static CopyOptions Bulk => new()
    {
        Source = Stage.Target, Prefix = Stage.Prefix, Target = Stage.Source, Key = shared, Return = "h1",
        MarksKey = Stage.Key, Fingerprint = "bulk-1", Concurrency = 8,
    };

    private static CopyOptions Delta => Bulk with { Fingerprint = "delta-1", PreviousFingerprint = "bulk-1" };

    [Fact]
    public async Task Every_version_goes_back_under_the_place_s_own_encryption_and_the_marks_stay_in_the_store()
    {
        await ReturnAsync();
        Describe(Stage.Source).ShouldBe(Describe(Stage.Target));
        stage.Stores.All(Stage.Source, Stage.Prefix).Where(one => !one.IsDeleteMarker)
            .ShouldAllBe(one => one.KeyId == KeyRef.StoreManaged);
        stage.Stores.All(Stage.Source, MarkNames.Root).ShouldBeEmpty("the shared place is other tenants' too");
        stage.Stores.All(Stage.Target, MarkNames.Root).ShouldAllBe(one => one.KeyId == Stage.Key.Id);
        stage.NeighboursShouldStand();
    }

    [Fact]
    public async Task What_the_answer_does_not_say_of_its_encryption_is_asked_of_the_object()
    {
        stage.Stores.AnswersWithKeyId = false;
        await ReturnAsync();
        Describe(Stage.Source).ShouldBe(Describe(Stage.Target));
    }

    [Fact]
    public async Task A_copy_that_came_under_another_key_is_no_copy()
    {
        stage.Stores.WrongKey = "arn:aws:kms:eu-west-1:111111111111:key/9";
        (await stage.RunAsync(Bulk)).ShouldBe(CopyExit.Mismatch);
    }

    [Fact]
    public async Task What_somebody_else_wrote_there_is_told_and_never_deleted()
    {
        (await stage.RunAsync(Bulk)).ShouldBe(CopyExit.Done);
        stage.Stores.Put(Stage.Source, Stage.Prefix + "b/another", [7]);
        (await stage.RunAsync(Delta)).ShouldBe(CopyExit.Mismatch);
        stage.Stores.All(Stage.Source, Stage.Prefix + "b/another").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_deleted_in_the_store_meanwhile_is_taken_back_from_the_shared_place()
    {
        (await stage.RunAsync(Bulk)).ShouldBe(CopyExit.Done);
        stage.Stores.Delete(Stage.Target, stage.Stores.ListAll(Stage.Target, Stage.Prefix + "b/c"));
        Put("a", "four");
        (await stage.RunAsync(Delta)).ShouldBe(CopyExit.Done);
        Describe(Stage.Source).ShouldBe(Describe(Stage.Target));
    }

    [Fact]
    public async Task Its_receipt_stands_in_the_store_and_ends_its_copies_and_only_its_own()
    {
        await ReturnAsync();
        var order = new ReceiptOrder
        {
            SpecHash = "s1", FenceToken = "f1", Fingerprint = "delta-1", Shards = 1,
            Source = new SharedRef(Stage.Target, Stage.Prefix), Target = Stage.Source, Key = shared,
            Marks = Stage.Target, MarksKey = Stage.Key, Name = MarkNames.ReturnReceipt("h1"),
        };
        var worker = new FakeWorker(stage.Stores);
        var receipt = (await new ReceiptWriter(worker).WriteAsync(order, default))
            .ShouldBeOfType<ReceiptVerdict.Proved>().Receipt;
        (receipt.Source, receipt.Target, receipt.KeyId, receipt.Versions,
            receipt.DeleteMarkers).ShouldBe(("acme", "shared", KeyRef.StoreManaged, 3, 1));
        (await new ReceiptReader(worker).ReadAsync(Stage.Target, MarkNames.ReturnReceipt("h1"), default))
            .ShouldNotBeNull();
        (await stage.RunAsync(Bulk with { Fingerprint = "bulk-2" }))
            .ShouldBe(CopyExit.BadArguments, "readers may be on the shared place");
        (await stage.RunAsync(Bulk with { Fingerprint = "bulk-3", Return = "h2" }))
            .ShouldNotBe(CopyExit.BadArguments, "another return has a receipt of its own");
    }

    [Fact]
    public async Task The_old_copy_goes_version_by_version_and_the_marks_stay_until_the_store_goes()
    {
        await ReturnAsync();
        var step = await new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(
            new RetirementOrder(new SharedRef(Stage.Target, Stage.Prefix), Stage.Target, "delta-1", 1),
            _ => Task.FromResult(true), default);
        step.ShouldBeOfType<RetirementStep.Finished>();
        stage.Stores.All(Stage.Target, Stage.Prefix).ShouldBeEmpty();
        stage.Stores.All(Stage.Target, MarkNames.Root).ShouldNotBeEmpty();
        stage.Stores.All(Stage.Source, Stage.Prefix).Count.ShouldBe(4);
    }

    [Fact]
    public void An_order_that_would_write_under_nobody_s_key_by_mistake_is_refused()
    {
        Bulk.Fault().ShouldBeNull();
        (Bulk with { Return = null, MarksKey = null }).Fault().ShouldBe("--key AES256 is for a return alone");
        (Bulk with { MarksKey = null }).Fault()!.ShouldContain("--marks-key");
        (Bulk with { MarksKey = shared }).Fault()!.ShouldContain("--marks-key");
        (Bulk with { Return = null }).Fault()!.ShouldContain("--marks-key");
        (Bulk with { Return = "a/b" }).Fault()!.ShouldContain("--return");
    }

    private async Task ReturnAsync()
    {
        (await stage.RunAsync(Bulk)).ShouldBe(CopyExit.Done);
        (await stage.RunAsync(Delta)).ShouldBe(CopyExit.Done);
    }

    private void Put(string name, string content) =>
        stage.Stores.Put(Stage.Target, Stage.Prefix + name, Encoding.UTF8.GetBytes(content), Stage.Key.Id);

    private List<string> Describe(StoreRef store) =>
        [.. stage.Stores.All(store, Stage.Prefix)
            .Select(one => $"{one.Key}|{(one.IsDeleteMarker ? "deleted" : Convert.ToHexString(one.Content))}")];
}
