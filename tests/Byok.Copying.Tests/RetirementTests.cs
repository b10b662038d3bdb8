using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class RetirementTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_verified_goes_and_the_neighbours_stay(bool isVersioned)
    {
        var stage = new Stage(isVersioned) { Shards = 3 };
        CopyRunTests.Fill(stage, objects: 3_000);
        await stage.MigrateAsync();
        await RetireAllAsync(stage);
        stage.Stores.All(Stage.Source, Stage.Prefix).ShouldBeEmpty();
        stage.NeighboursShouldStand();
        stage.Copied.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("zz-new", true)]
    [InlineData("plain", true)]
    [InlineData("a-new", false)]
    [InlineData("plain", false)]
    public async Task A_version_that_nobody_vouches_for_stops_it_and_stays(string name, bool isVersioned)
    {
        var stage = new Stage(isVersioned);
        CopyRunTests.Fill(stage);
        await stage.MigrateAsync();
        stage.Put(name, "written behind the fence");
        var before = stage.Stores.All(Stage.Source).Count;

        var step = await Retire(stage);
        step.ShouldBeOfType<RetirementStep.Unverified>().Keys.ShouldBe([Stage.Prefix + name]);
        stage.Stores.All(Stage.Source).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_content_written_again_unchanged_is_not_the_one_verified()
    {
        var stage = new Stage(isVersioned: false);
        stage.Put("k", "same", header: "1");
        await stage.MigrateAsync();
        stage.Put("k", "same", header: "2");
        (await Retire(stage)).ShouldBeOfType<RetirementStep.Unverified>();
    }

    [Fact]
    public async Task What_was_written_before_versioning_began_goes_without_leaving_a_marker()
    {
        var stage = new Stage(isVersioned: false);
        stage.Put("old", "o");
        stage.Put("older", "o");
        stage.Stores.StartVersioning(Stage.Source);
        stage.Stores.StartVersioning(Stage.Target);
        stage.Put("older", "new");
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Done);
        stage.Put("old", "new");
        (await stage.RunAsync(stage.Delta())).ShouldBe(CopyExit.Done);
        stage.ShouldBeMirrored();
        stage.Stores.Copies.Count.ShouldBe(4);

        // The newest version alone goes first, so that the old one is the newest when it is listed again.
        stage.Stores.Delete(Stage.Source, [stage.Listed("older")[0]]);
        (await Retire(stage)).ShouldBeOfType<RetirementStep.Finished>();
        stage.Stores.All(Stage.Source, Stage.Prefix).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_right_to_act_nothing_is_deleted()
    {
        var stage = new Stage();
        CopyRunTests.Fill(stage);
        await stage.MigrateAsync();
        var before = stage.Stores.All(Stage.Source).Count;
        (await new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(stage.Retirement,
            _ => Task.FromResult(false), default))
            .ShouldBe(new RetirementStep.Halted(0));
        stage.Stores.All(Stage.Source).Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_manifest_that_is_not_finished_vouches_for_nothing()
    {
        var stage = new Stage { Shards = 2 };
        CopyRunTests.Fill(stage);
        await stage.RunAsync(stage.Bulk(0));
        await stage.RunAsync(stage.Delta(0));
        await Should.ThrowAsync<ManifestDamagedException>(Retire(stage));
        stage.NeighboursShouldStand();
    }

    [Fact]
    public async Task A_prefix_without_a_slash_is_refused()
    {
        var stage = new Stage();
        var order = stage.Retirement with { Source = stage.Retirement.Source with { Prefix = "acme" } };
        await Should.ThrowAsync<ArgumentException>(
            new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(order, _ => Task.FromResult(true), default));
        stage.NeighboursShouldStand();
    }

    /// <summary>The operator's own record of a fence stands in it, and its own evidence in the target:
    /// neither is the tenant's.</summary>
    [Fact]
    public async Task Of_a_whole_container_everything_goes_but_what_is_the_operators_own()
    {
        var stores = new FakeStores(new TestTime());
        StoreRef source = new("westeurope", "shared/acme") { Cloud = CloudKind.Azure },
            target = new("westeurope", "acme/data") { Cloud = CloudKind.Azure };
        stores.Create(source, isVersioned: false);
        stores.Create(target, isVersioned: false);
        foreach (var name in (string[])["!first", ".byok/fences/uid.json", ".byokx", "a/b", "~last"])
        {
            stores.Put(source, name, [1]);
        }

        var bulk = new CopyOptions
        {
            Source = source, Prefix = "", Target = target, Fingerprint = "bulk-1", Concurrency = 8,
            Key = new KeyRef(KeyRef.AnyRegion, "https://acme.vault.azure.net/keys/acme") { Cloud = CloudKind.Azure },
        };
        foreach (var options
            in (CopyOptions[])[bulk, bulk with { Fingerprint = "delta-1", PreviousFingerprint = "bulk-1" }])
        {
            (await new CopyRun(options, new FakeWorker(stores), new TestTime(), NullLogger.Instance,
                null).RunAsync(default)).ShouldBe(CopyExit.Done);
        }

        (await new SourceRetirement(new FakeWorker(stores)).RetireAsync(
            new(new SharedRef(source, ""), target, "delta-1", 1), _ => Task.FromResult(true), default))
            .ShouldBe(new RetirementStep.Finished(4));
        stores.All(source).ShouldHaveSingleItem().Key.ShouldBe(".byok/fences/uid.json");
        stores.All(target).Select(one => one.Key)
            .Where(key => !key.StartsWith(MarkNames.Root, StringComparison.Ordinal))
            .ShouldBe(["!first", ".byokx", "a/b", "~last"]);
        stores.All(target).ShouldNotContain(one => one.Key == ".byok/fences/uid.json");
    }

    [Fact]
    public async Task A_bucket_is_never_retired_whole()
    {
        var stage = new Stage();
        var order = stage.Retirement with { Source = stage.Retirement.Source with { Prefix = "" } };
        await Should.ThrowAsync<ArgumentException>(
            new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(order, _ => Task.FromResult(true), default));
        stage.NeighboursShouldStand();
    }

    [Fact]
    public async Task An_act_goes_on_where_the_last_one_stopped()
    {
        var stage = new Stage { Shards = 2 };
        CopyRunTests.Fill(stage, objects: 500);
        await stage.MigrateAsync();
        var dying =
            new FakeWorker(stage.Stores, operation => operation == "Delete" ? FakeFault.CrashAfter : FakeFault.None);
        await Should.ThrowAsync<FakeWorker.DiedException>(
            new SourceRetirement(dying).RetireAsync(stage.Retirement, _ => Task.FromResult(true), default));
        (await Retire(stage)).ShouldBeOfType<RetirementStep.Finished>();
    }

    internal static async Task RetireAllAsync(Stage stage)
    {
        while (await Retire(stage) is var step && step is not RetirementStep.Finished)
        {
            step.ShouldBeOfType<RetirementStep.Partly>();
        }
    }

    private static Task<RetirementStep> Retire(Stage stage) =>
        new SourceRetirement(new FakeWorker(stage.Stores)).RetireAsync(stage.Retirement, _ => Task.FromResult(true),
            default);
}
