using Kube.Core;
using Kube.Runtime.Informers;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Informers;

public sealed class StoreTests : IAsyncDisposable
{
    private readonly ManualTime time = new();
    private readonly FedStore fed;
    private readonly FakeSource source;
    private readonly Informer<Thing> store;
    private readonly List<Change<Thing>> changes = [];

    public StoreTests()
    {
        fed = new FedStore(time);
        (source, store) = (fed.Source, fed.Informer);
        store.Subscribe(change =>
        {
            lock (changes)
            {
                changes.Add(change);
            }
        });
    }

    [Fact]
    public async Task Half_a_first_list_is_never_visible()
    {
        fed.Start();
        source.Page("5", "next", Thing.Named("a"));
        await Eventually.Holds(() => source.Asked.Contains("list(next)"), "the second page is asked for");
        store.List().ShouldBeEmpty();
        store.HasSynced.ShouldBeFalse();
        source.Page("5", null, Thing.Named("b"));
        await store.WaitForSyncAsync(CancellationToken.None);
        store.List().Select(item => item.Metadata.Name).Order().ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Half_a_relist_neither_adds_nor_removes()
    {
        await SyncedWith(Thing.Named("a"), Thing.Named("b"));
        source.FailWatch(410);
        source.Page("9", "next", Thing.Named("c"));
        await Eventually.Holds(() => source.Asked.Contains("list(next)"), time, TimeSpan.FromSeconds(1),
            "the relist is half done");
        Names().ShouldBe(["a", "b"]);
        source.Page("9", null, Thing.Named("b"));
        await Eventually.Holds(() => store.Find(new ObjectKey("n", "c")) is not null, "the swap");
        Names().ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task What_vanished_while_nobody_watched_is_told_as_gone()
    {
        await SyncedWith(Thing.Named("a"), Thing.Named("b"));
        source.FailWatch(410);
        source.Page("9", null, Thing.Named("b"));
        await Eventually.Holds(() => Told().Any(change => change.New is null), time, TimeSpan.FromSeconds(1),
            "a is told as gone");
        Told().Single(change => change.New is null).Old!.Metadata.Name.ShouldBe("a");
        Told().Count(change => change.Key.Name == "b").ShouldBe(1, "b did not change");
    }

    [Fact]
    public async Task A_relist_that_breaks_leaves_no_trace()
    {
        await SyncedWith(Thing.Named("a"));
        source.FailWatch(410);
        source.Page("9", "next", Thing.Named("ghost"));
        source.FailPage(500);
        source.Page("10", null, Thing.Named("a"), Thing.Named("b"));
        await Eventually.Holds(() => store.Find(new ObjectKey("n", "b")) is not null, time, TimeSpan.FromSeconds(1),
            "the second relist");
        Names().ShouldBe(["a", "b"]);
        Told().ShouldNotContain(change => change.Key.Name == "ghost");
    }

    [Fact]
    public async Task Only_the_first_list_is_marked_as_such()
    {
        await SyncedWith(Thing.Named("a"));
        source.Change(Thing.Named("b", "6"));
        await Eventually.Holds(() => Told().Count == 2, "both are told");
        Told().Select(change => change.IsFirstList).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Changes_come_with_what_was_before()
    {
        await SyncedWith(Thing.Named("a", "4"));
        source.Change(Thing.Named("a", "6"));
        source.Delete(Thing.Named("a", "7"));
        await Eventually.Holds(() => Told().Count == 3, "all are told");
        Told().Select(change => (change.Old?.Metadata.ResourceVersion, change.New?.Metadata.ResourceVersion))
            .ShouldBe([(null, "4"), ("4", "6"), ("6", null)]);
        store.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Owners_and_references_find_their_objects_and_lose_them_again()
    {
        var mentions =
            store.IndexBy(item => item.Spec is { } named ? [new ObjectKey("n", named)] : Array.Empty<ObjectKey>());
        var owners = store.IndexBy(item => (item.Metadata.OwnerReferences ?? []).Select(owner => owner.Uid));
        var owned = Thing.Named("a") with { Spec = "x" };
        owned.Metadata =
            owned.Metadata with { OwnerReferences = [new() { ApiVersion = "v1", Kind = "K", Name = "o", Uid = "u1" }] };
        await SyncedWith(owned);
        owners.Find("u1").ShouldHaveSingleItem();
        mentions.Find(new ObjectKey("n", "x")).ShouldHaveSingleItem();

        source.Change(Thing.Named("a", "6") with { Spec = "y" });
        await Eventually.Holds(() => mentions.Find(new ObjectKey("n", "y")).Count == 1, "the new reference");
        mentions.Find(new ObjectKey("n", "x")).ShouldBeEmpty();
        owners.Find("u1").ShouldBeEmpty();
    }

    [Fact]
    public async Task Few_and_many_that_mention_one_thing_are_all_found_and_all_lost_again()
    {
        var mentions =
            store.IndexBy(item => item.Spec is { } named ? [new ObjectKey("n", named)] : Array.Empty<ObjectKey>());
        var names = Enumerable.Range(1, 40).Select(number => $"a{number:D2}").ToArray();
        await SyncedWith();
        var key = new ObjectKey("n", "x");
        for (var number = 0; number < names.Length; number++)
        {
            source.Change(Thing.Named(names[number], $"{100 + number}") with { Spec = "x" });
            await Eventually.Holds(() => mentions.Find(key).Count == number + 1, $"{number + 1} of them");
        }

        source.Change(Thing.Named(names[0], "200") with { Spec = "x" });
        await Eventually.Holds(() => mentions.Find(key).Any(one => one.Metadata.ResourceVersion == "200"),
            "the newer one");
        mentions.Find(key).Select(one => one.Metadata.Name).Order(StringComparer.Ordinal).ShouldBe(names);
        for (var number = 0; number < names.Length; number++)
        {
            source.Change(Thing.Named(names[number], $"{300 + number}") with { Spec = "y" });
            await Eventually.Holds(() => mentions.Find(key).Count == names.Length - number - 1, $"{number + 1} fewer");
        }

        mentions.Find(new ObjectKey("n", "y")).Count.ShouldBe(names.Length);
    }

    [Fact]
    public async Task A_version_counts_as_reached_by_the_object_or_by_a_bookmark()
    {
        await SyncedWith(Thing.Named("a"));
        store.HasReached(new ObjectKey("n", "a"), "6").ShouldBeFalse();
        source.Change(Thing.Named("a", "6"));
        await Eventually.Holds(() => store.HasReached(new ObjectKey("n", "a"), "6"), "the event");
        store.HasReached(new ObjectKey("n", "gone"), "10").ShouldBeFalse();
        source.Bookmark("10");
        await Eventually.Holds(() => store.HasReached(new ObjectKey("n", "gone"), "10"), "the bookmark");
    }

    [Fact]
    public async Task Silence_is_measured_from_the_last_word_of_the_server()
    {
        await SyncedWith(Thing.Named("a"));
        time.Advance(TimeSpan.FromMinutes(2));
        store.Silence.ShouldBe(TimeSpan.FromMinutes(2));
        source.Bookmark("6");
        await Eventually.Holds(() => store.Silence == TimeSpan.Zero, "the bookmark is heard");
    }

    [Fact]
    public async Task To_ask_again_is_not_to_hear_something()
    {
        await SyncedWith(Thing.Named("a"));
        for (var i = 0; i < 8; i++)
        {
            source.FailWatch(0);
        }

        await Eventually.Holds(() => source.Asked.Count(ask => ask.StartsWith("watch", StringComparison.Ordinal)) >= 8,
            time, TimeSpan.FromMilliseconds(250), "eight watches");
        store.Silence.ShouldBe(time.GetElapsedTime(0));
    }

    [Fact]
    public async Task A_server_that_closes_at_once_is_not_asked_in_a_hot_loop()
    {
        await SyncedWith(Thing.Named("a"));
        for (var i = 0; i < 50; i++)
        {
            source.CloseWatch();
        }

        await Eventually.Holds(() => source.Asked.Count(ask => ask.StartsWith("watch", StringComparison.Ordinal)) >= 8,
            time, TimeSpan.FromMilliseconds(250), "eight watches");
        time.GetElapsedTime(0).ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_server_that_lists_and_then_refuses_every_watch_is_not_listed_in_a_hot_loop()
    {
        for (var i = 0; i < 8; i++)
        {
            source.Page($"{5 + i}", null, Thing.Named("a"));
            source.FailWatch(410);
        }

        fed.Start();
        await Eventually.Holds(() => source.Asked.Count(ask => ask == "list()") >= 8, time,
            TimeSpan.FromMilliseconds(250), "eight lists");
        time.GetElapsedTime(0).ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_watch()
    {
        store.Subscribe(_ => throw new InvalidOperationException("bug"));
        await SyncedWith(Thing.Named("a"));
        source.Change(Thing.Named("b", "6"));
        await Eventually.Holds(() => store.Count == 2, "the next event");
    }

    [Fact]
    public async Task A_relist_keeps_the_copies_it_has()
    {
        await SyncedWith(Thing.Named("a", "4"));
        var before = store.Find(new ObjectKey("n", "a"));
        source.FailWatch(410);
        source.Page("9", null, Thing.Named("a", "4"), Thing.Named("b", "8"));
        await Eventually.Holds(() => store.Count == 2, time, TimeSpan.FromSeconds(1), "the relist");
        ReferenceEquals(before, store.Find(new ObjectKey("n", "a"))).ShouldBeTrue();
    }

    public ValueTask DisposeAsync() => fed.DisposeAsync();

    private Task SyncedWith(params Thing[] items) => fed.SyncAsync(items);

    private IEnumerable<string> Names() => store.List().Select(item => item.Metadata.Name).Order();

    private List<Change<Thing>> Told()
    {
        lock (changes)
        {
            return [.. changes];
        }
    }
}
