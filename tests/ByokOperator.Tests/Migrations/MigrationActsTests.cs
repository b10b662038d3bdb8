using Byok.Copying;
using Byok.Copying.Tests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Tests.Hosting;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>What the acts of a move are refused for when what they were decided on does not hold any more.</summary>
public sealed class MigrationActsTests
{
    private const string Fence = "f1";

    private static readonly MigrationAct.StartCopy start = new("bulk-1", 1, Previous: null, Fence: null);

    [Fact]
    public async Task A_store_that_comes_from_nowhere_is_not_moved()
    {
        await using var lookout = await Lookout.StartAsync();
        await new Executors(lookout).ProveAsync();
        (await RefusalAsync(lookout, start, spec => spec with { Shared = null })).ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task Nothing_is_copied_over_what_readers_are_on_already()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        executors.Served("r1");
        (await RefusalAsync(lookout, start)).ShouldBe("AlreadyServed");
        (await RefusalAsync(lookout, new MigrationAct.WriteReceipt("s1", Fence, "delta-1", Replaces: null)))
            .ShouldBe("AlreadyServed");
        (await RefusalAsync(lookout, new MigrationAct.GiveUpFence(Fence))).ShouldBe("AlreadyServed");
        await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_delta_is_neither_copied_nor_verified_behind_another_fence()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced("f2");
        (await RefusalAsync(lookout, start with { Fence = Fence })).ShouldBe("FenceChanged");
        (await RefusalAsync(lookout, new MigrationAct.WriteReceipt("s1", Fence, "delta-1", Replaces: null)))
            .ShouldBe("FenceChanged");
        (await RefusalAsync(lookout, new MigrationAct.LiftFence(Fence))).ShouldBe("FenceChanged");
        await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_fence_that_a_receipt_names_is_not_given_up()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        var store = await executors.ApplyAsync();
        executors.Fenced(Fence);
        await executors.ReceiptStandsAsync(store, Fence);
        (await Executors.RefusalAsync(() => executors.Migration.PerformAsync(
            store, new MigrationAct.GiveUpFence(Fence), CancellationToken.None))).ShouldBe("ReceiptStands");
        await lookout.Stores.DidNotReceiveWithAnyArgs().LiftFenceAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_receipt_is_not_written_over_another_one_than_was_decided_on()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        await executors.ReceiptStandsAsync(await executors.ApplyAsync(), "f0");
        (await RefusalAsync(lookout, new MigrationAct.WriteReceipt("s1", Fence, "delta-1", Replaces: null)))
            .ShouldBe("ReceiptChanged");
    }

    [Fact]
    public async Task No_receipt_is_written_on_evidence_that_is_not_whole()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        (await RefusalAsync(lookout, new MigrationAct.WriteReceipt("s1", Fence, "delta-1", Replaces: null)))
            .ShouldBe("EvidenceIncomplete");
        await lookout.Objects.DidNotReceiveWithAnyArgs().WriteMarkAsync(
            default!, default!, default, default!, default, default);
    }

    [Fact]
    public async Task Nothing_is_switched_cleared_or_retired_on_another_receipt()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        executors.Fenced(Fence);
        (await RefusalAsync(lookout, new MigrationAct.MarkServed("r1", Fence))).ShouldBe("ReceiptChanged");
        (await RefusalAsync(lookout, new MigrationAct.ClearCopies("r1"))).ShouldBe("ReceiptChanged");
        (await RefusalAsync(lookout, new MigrationAct.RetireBatch("r1", Fence, "b1"))).ShouldBe("ReceiptChanged");
        await lookout.Objects.DidNotReceiveWithAnyArgs().WriteMarkAsync(
            default!, default!, default, default!, default, default);
    }

    [Fact]
    public async Task Readers_are_not_switched_while_a_copy_runs()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        await executors.ProveAsync();
        var store = await executors.ApplyAsync();
        executors.Fenced(Fence);
        var receipt = await executors.ReceiptStandsAsync(store, Fence);
        await executors.Migration.PerformAsync(store, start, CancellationToken.None);
        (await Executors.RefusalAsync(() => executors.Migration.PerformAsync(
            store, new MigrationAct.MarkServed(receipt, Fence), CancellationToken.None))).ShouldBe("CopyRunning");
        await lookout.Objects.DidNotReceiveWithAnyArgs().WriteMarkAsync(
            default!, default!, default, default!, default, default);
    }

    [Fact]
    public async Task Readers_are_not_pointed_at_a_target_whose_mark_names_another_receipt()
    {
        await using var lookout = await Lookout.StartAsync();
        new Executors(lookout).Served("r2");
        (await RefusalAsync(lookout, new MigrationAct.ServeTarget("b1", "r1"))).ShouldBe("NotServed");
    }

    [Theory]
    [InlineData(null, false, "WrittenToSource")]
    [InlineData("f2", true, "Halted")]
    [InlineData(Fence, false, "Halted")]
    public async Task Of_the_source_nothing_goes_without_a_receipt_or_behind_another_fence_or_beside_another_binding(
        string? fence, bool isBound, string reason)
    {
        await using var lookout = await Lookout.StartAsync();
        var stage = new Stage();
        stage.Put("a", "one");
        await stage.MigrateAsync();
        if (reason == "WrittenToSource")
        {
            stage.Put("b", "written since");
        }

        var executors = new Executors(lookout, new FakeWorker(stage.Stores));
        await executors.ProveAsync();
        executors.Fenced(fence);
        var store = await executors.ApplyAsync(
            spec => spec with { Migration = spec.Migration with { Parallelism = 1 } });
        await new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, CancellationToken.None);
        var receipt = (await new StoreMarks(new FakeWorker(stage.Stores), lookout.Stores).ReceiptAsync(
            Stage.Target, CancellationToken.None))!.Value.Facts.Digest;
        if (isBound)
        {
            await lookout.Kube.Api<ConfigMap>().ApplyAsync(
                Binding.For(store, Lookout.Arn, receipt), "test", CancellationToken.None);
        }

        var before = stage.Stores.All(Stage.Source).Count;
        (await Executors.RefusalAsync(() => executors.Migration.PerformAsync(
            store, new MigrationAct.RetireBatch(receipt, Fence, "b1"), CancellationToken.None))).ShouldBe(reason);
        stage.Stores.All(Stage.Source).Count.ShouldBe(before);
    }

    private static async Task<string> RefusalAsync(
        Lookout lookout, MigrationAct act, Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null)
    {
        var executors = new Executors(lookout);
        var store = await executors.ApplyAsync(change);
        return await Executors.RefusalAsync(() => executors.Migration.PerformAsync(store, act, CancellationToken.None));
    }
}
