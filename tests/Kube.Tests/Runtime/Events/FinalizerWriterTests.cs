using Kube.Core;
using Kube.Runtime.Events;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Events;

public sealed class FinalizerWriterTests
{
    private const string Ours = "tests.example/ours";

    [Fact]
    public async Task Ours_comes_and_goes_and_theirs_stays()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = new FinalizerWriter<Thing>(cluster.Things, Ours);
        var thing = await CreateWithAsync(cluster, "them.example/first");
        thing = (await writer.AddAsync(thing, CancellationToken.None))!;
        thing.Metadata.Finalizers.ShouldBe(["them.example/first", Ours]);
        thing = (await writer.RemoveAsync(thing, CancellationToken.None))!;
        thing.Metadata.Finalizers.ShouldBe(["them.example/first"]);
    }

    [Fact]
    public async Task A_stale_copy_removes_nobody_elses()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = new FinalizerWriter<Thing>(cluster.Things, Ours);
        var stale =
            (await writer.AddAsync(await CreateWithAsync(cluster, "them.example/first"), CancellationToken.None))!;
        await new FinalizerWriter<Thing>(cluster.Things, "them.example/first").RemoveAsync(stale,
            CancellationToken.None);
        await new FinalizerWriter<Thing>(cluster.Things, "them.example/second").AddAsync(await cluster.GetAsync("a"),
            CancellationToken.None);

        await writer.RemoveAsync(stale, CancellationToken.None);
        (await cluster.GetAsync("a")).Metadata.Finalizers.ShouldBe(["them.example/second"]);
    }

    [Fact]
    public async Task The_last_one_lets_the_object_go_and_a_second_removal_is_no_error()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = new FinalizerWriter<Thing>(cluster.Things, Ours);
        await writer.AddAsync(await cluster.CreateAsync("a"), CancellationToken.None);
        await cluster.Things.DeleteAsync(new ObjectKey("n", "a"), null, CancellationToken.None);
        var deleting = await cluster.GetAsync("a");
        deleting.Metadata.DeletionTimestamp.ShouldNotBeNull();
        await writer.RemoveAsync(deleting, CancellationToken.None);
        (await cluster.Things.TryGetAsync(new ObjectKey("n", "a"), CancellationToken.None)).ShouldBeNull();
        (await writer.RemoveAsync(deleting, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_not_put_on_an_object_that_is_going()
    {
        await using var cluster = await Cluster.StartAsync();
        await CreateWithAsync(cluster, "them.example/first");
        await cluster.Things.DeleteAsync(new ObjectKey("n", "a"), null, CancellationToken.None);
        var deleting = await cluster.GetAsync("a");
        await new FinalizerWriter<Thing>(cluster.Things, Ours).AddAsync(deleting, CancellationToken.None);
        (await cluster.GetAsync("a")).Metadata.Finalizers.ShouldBe(["them.example/first"]);
    }

    private static async Task<Thing> CreateWithAsync(Cluster cluster, string finalizer) =>
        (await new FinalizerWriter<Thing>(cluster.Things, finalizer).AddAsync(await cluster.CreateAsync("a"),
            CancellationToken.None))!;
}
