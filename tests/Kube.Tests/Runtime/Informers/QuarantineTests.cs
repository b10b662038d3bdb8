using System.Collections.Concurrent;
using Kube.Core;
using Kube.Runtime.Informers;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Informers;

/// <summary>A store's objects that can't be read: told, and followed as they stood.</summary>
public sealed class QuarantineTests : IAsyncDisposable
{
    private static readonly ObjectKey A = new("n", "a");

    private readonly ManualTime time = new();
    private readonly ConcurrentQueue<ObjectKey> told = new();
    private readonly ConcurrentQueue<Change<Thing>> changes = new();
    private FedStore fed;

    public QuarantineTests() => fed = Feed(null);

    private Informer<Thing> Informer => fed.Informer;

    public ValueTask DisposeAsync() => fed.DisposeAsync();

    [Fact]
    public async Task An_object_that_can_not_be_read_any_more_goes_on_being_found_as_it_stood()
    {
        await fed.SyncAsync(Thing.Named("a"), Thing.Named("b"));
        fed.Source.Spoil(Bad("a", "6"));
        fed.Source.Change(Thing.Named("b", "7"));
        await Eventually.Holds(() => Informer.Find(new("n", "b"))?.Metadata.ResourceVersion == "7",
            "the watch goes on");

        Informer.Find(A)!.Metadata.ResourceVersion.ShouldBe("1");
        Informer.Quarantine.Find(A)!.Reason.ShouldBe("spec: not a text");
        Informer.Quarantine.Count.ShouldBe(1);
        Informer.HasReached(A, "7").ShouldBeTrue();
        told.ShouldBe([A]);
    }

    [Fact]
    public async Task A_version_that_can_be_read_ends_it()
    {
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.Spoil(Bad("a", "6"));
        fed.Source.Change(Thing.Named("a", "7"));
        await Eventually.Holds(() => Informer.Quarantine.Count == 0 && told.Count == 2, "the quarantine ends");

        Informer.Find(A)!.Metadata.ResourceVersion.ShouldBe("7");
    }

    [Fact]
    public async Task The_end_of_the_object_ends_it()
    {
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.Spoil(Bad("a", "6"));
        fed.Source.Delete(Thing.Named("a", "7"));
        await Eventually.Holds(() => Informer.Quarantine.Count == 0 && told.Count == 2, "the quarantine ends");

        Informer.Find(A).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_was_never_read_is_quarantined_and_found_as_nothing()
    {
        fed.Start();
        fed.Source.PageWith([Bad("a", "4")], "5", Thing.Named("b"));
        await Informer.WaitForSyncAsync(CancellationToken.None);

        Informer.Find(A).ShouldBeNull();
        Informer.Find(new("n", "b")).ShouldNotBeNull();
        Informer.Quarantine.List().Select(bad => bad.Key).ShouldBe([A]);
        told.ShouldBe([A]);
    }

    [Fact]
    public async Task A_relist_keeps_what_is_followed_and_tells_nobody_twice()
    {
        await fed.SyncAsync(Thing.Named("a"));
        var stood = Informer.Find(A);
        fed.Source.Spoil(Bad("a", "6"));
        fed.Source.FailWatch(410);
        fed.Source.PageWith([Bad("a", "6")], "9", Thing.Named("b"));
        await Eventually.Holds(() => Informer.Find(new("n", "b")) is not null, time, TimeSpan.FromSeconds(1),
            "the relist");

        Informer.Find(A).ShouldBeSameAs(stood);
        told.ShouldBe([A]);
        changes.Count(change => change.Key == A).ShouldBe(1, "it was told when it was first listed");
    }

    [Fact]
    public async Task A_relist_that_brings_it_readable_at_the_same_version_ends_it()
    {
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.Spoil(Bad("a", "6"));
        await Eventually.Holds(() => Informer.Quarantine.Count == 1, "the quarantine");
        fed.Source.FailWatch(410);
        fed.Source.Page("9", null, Thing.Named("a", "6") with { Spec = "mended" });
        await Eventually.Holds(() => Informer.Quarantine.Count == 0, time, TimeSpan.FromSeconds(1), "the relist");

        Informer.Find(A)!.Spec.ShouldBe("mended");
    }

    [Fact]
    public async Task Another_object_of_that_name_is_not_followed_as_the_first_one_stood()
    {
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.Spoil(new Quarantined(Thing.Named("a", "6").Metadata with { Uid = "another" }, "spec: not a text"));
        await Eventually.Holds(() => Informer.Quarantine.Count == 1, "the quarantine");

        Informer.Find(A).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_followed_may_be_made_of_both()
    {
        await fed.DisposeAsync();
        fed = Feed(
            new InformerOptions<Thing> { Follow = (bad, last) =>
                last is null ? null : last with { Spec = bad.Salvaged["spec.word"] } });
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.Spoil(Bad("a", "6") with { Salvaged = new Dictionary<string, string> { ["spec.word"] = "stop" } });
        await Eventually.Holds(() => Informer.Quarantine.Count == 1, "the quarantine");

        Informer.Find(A)!.Spec.ShouldBe("stop");
        changes.Last().New!.Spec.ShouldBe("stop");
    }

    [Fact]
    public async Task What_can_not_be_got_past_is_listed_again_and_the_watch_goes_on_behind_it()
    {
        await fed.SyncAsync(Thing.Named("a"));
        fed.Source.GarbleWatch();
        fed.Source.Page("9", null, Thing.Named("a", "8"));
        await Eventually.Holds(() => fed.Source.Asked.Contains("watch(9)"), time, TimeSpan.FromSeconds(1),
            "the watch goes on behind");

        fed.Source.Asked.Count(asked => asked == "watch(5)").ShouldBe(1, "from there it would be in the way again");
    }

    [Fact]
    public async Task Ten_thousand_are_held_and_more_are_followed_all_the_same()
    {
        var all = Enumerable.Range(0, Quarantine.MostHeld + 5).Select(each => Thing.Named($"t{each}")).ToArray();
        await fed.SyncAsync(all);
        foreach (var item in all)
        {
            fed.Source.Spoil(new Quarantined(item.Metadata with { ResourceVersion = "6" }, "spec: not a text"));
        }

        fed.Source.Bookmark("99");
        await Eventually.Holds(() => Informer.HasReached(A, "99"), "the watch came so far");
        Informer.Quarantine.Count.ShouldBe(Quarantine.MostHeld);
        Informer.Count.ShouldBe(all.Length);
    }

    [Fact]
    public async Task What_is_not_wanted_is_not_kept_from_a_list_or_a_watch()
    {
        await fed.DisposeAsync();
        fed =
            Feed(new InformerOptions<Thing> { Wants = item => item.Name.EndsWith("-ours", StringComparison.Ordinal) });
        await fed.SyncAsync(Thing.Named("a-ours"), Thing.Named("large"));
        fed.Source.Change(Thing.Named("larger", "7"));
        fed.Source.Change(Thing.Named("b-ours", "8"));
        await Eventually.Holds(() => Informer.HasReached(A, "8"), "the watch came so far");

        Informer.List().Select(item => item.Metadata.Name).Order().ShouldBe(["a-ours", "b-ours"]);
        changes.Select(change => change.Key.Name).Order().ShouldBe(["a-ours", "b-ours"]);
    }

    private FedStore Feed(InformerOptions<Thing>? options)
    {
        var made = new FedStore(time, options);
        made.Informer.SubscribeToQuarantine(told.Enqueue);
        made.Informer.Subscribe(changes.Enqueue);
        return made;
    }

    private static Quarantined Bad(string name, string version) =>
        new(Thing.Named(name, version).Metadata, "spec: not a text");
}
