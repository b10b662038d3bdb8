using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>What a copy does not take along by itself: given to it by a call of its own,
/// or told in the receipt.</summary>
public sealed class AttributeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_a_website_leads_is_carried_and_leaves_no_second_copy(bool isVersioned)
    {
        var stage = new Stage(isVersioned);
        stage.Put("plain", "1");
        stage.Put("page", "2");
        stage.Stores.Give(Stage.Source, "acme/page", "/acme/elsewhere", isHeld: false);

        await stage.MigrateAsync();

        stage.ShouldBeMirrored();
        stage.Copied.Single(one => one.Key == "acme/page").Headers[FakeStores.Redirect].ShouldBe("/acme/elsewhere");
        stage.Stores.Copies.Values.Sum().ShouldBe(3, "one for nothing, before it was known where it leads");
    }

    [Fact]
    public async Task What_is_not_carried_is_counted_in_the_receipt_whoever_made_the_copy()
    {
        var stage = new Stage { Shards = 2 };
        foreach (var number in Enumerable.Range(0, 6))
        {
            stage.Put($"n{number}", "x");
            stage.Stores.Give(Stage.Source, $"acme/n{number}", redirect: null, isHeld: number % 2 == 0);
        }

        await stage.MigrateAsync();

        var verdict =
            await new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, CancellationToken.None);
        verdict.ShouldBeOfType<ReceiptVerdict.Proved>().Receipt.NotCarried
            .ShouldBe(new Dictionary<string, long> { ["objectLockLegalHold"] = 3 });
        stage.ShouldBeMirrored();
    }

    [Fact]
    public async Task A_receipt_of_copies_that_lack_nothing_says_nothing_of_it()
    {
        var stage = new Stage();
        stage.Put("a", "x");
        await stage.MigrateAsync();
        var verdict =
            await new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, CancellationToken.None);
        verdict.ShouldBeOfType<ReceiptVerdict.Proved>().Receipt.NotCarried.ShouldBeNull();
    }
}
