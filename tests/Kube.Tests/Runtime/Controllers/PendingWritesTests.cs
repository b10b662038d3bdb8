using Kube.Core;
using Kube.Runtime.Controllers;
using Kube.Runtime.Informers;
using Kube.Tests.Runtime.Informers;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Controllers;

public sealed class WriteFenceTests : IAsyncDisposable
{
    private static readonly ObjectKey a = new("n", "a");

    private readonly ManualTime time = new();
    private readonly FedStore fed;
    private readonly PendingWrites fence;

    public WriteFenceTests() => (fed, fence) = (new FedStore(time), new PendingWrites(time));

    [Fact]
    public async Task Who_wrote_nothing_need_not_wait()
    {
        await SyncAsync();
        fence.Behind(fed.Informer, a).ShouldBeNull();
    }

    [Fact]
    public void What_the_store_shows_is_an_echo_only_at_the_version_that_we_wrote()
    {
        fence.Wrote(Thing.Named("a", "8"));
        fence.IsEcho(new Change<Thing>(null, Thing.Named("a", "8"))).ShouldBeTrue();
        fence.IsEcho(new Change<Thing>(null, Thing.Named("a", "9"))).ShouldBeFalse();
        fence.IsEcho(new Change<Thing>(null, Thing.Named("b", "8"))).ShouldBeFalse();
        fence.IsEcho(new Change<Thing>(Thing.Named("a", "8"), null)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_shown_before_the_answer_to_a_write_wakes_nobody_and_the_writer_is_told_of_a_stranger()
    {
        foreach (var (shown, isAlone) in new (string[], bool)[]
        {
            ([], true),
            (["8"], true),
            (["7"], false),
            (["7", "8"], false),
            (["8", "9"], false),
        })
        {
            var (_, found) = await fence.WriteAsync(a, () =>
            {
                shown.ShouldAllBe(version => fence.IsEcho(new Change<Thing>(null, Thing.Named("a", version))));
                return Task.FromResult(Thing.Named("a", "8"));
            });
            found.ShouldBe(isAlone, string.Join(", ", shown));
        }

        fence.IsEcho(new Change<Thing>(null, Thing.Named("a", "9"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_has_not_heard_of_our_write_delays_us_until_it_has()
    {
        await SyncAsync();
        fence.Wrote(Thing.Named("a", "8"));
        fence.Behind(fed.Informer, a).ShouldBe(new Outcome.After(PendingWrites.Recheck));
        fed.Source.Change(Thing.Named("a", "8"));
        await Eventually.Holds(() => fence.Behind(fed.Informer, a) is null, "the store catches up");
    }

    [Fact]
    public async Task An_object_that_was_deleted_since_does_not_hold_us_up()
    {
        await SyncAsync();
        fence.Wrote(Thing.Named("a", "8"));
        fed.Source.Delete(Thing.Named("a", "9"));
        await Eventually.Holds(() => fence.Behind(fed.Informer, a) is null, "the store catches up");
    }

    [Fact]
    public async Task It_does_not_wait_for_ever()
    {
        await SyncAsync();
        fence.Wrote(Thing.Named("a", "8"));
        time.Advance(TimeSpan.FromSeconds(10));
        fence.Behind(fed.Informer, a).ShouldBeNull();
    }

    [Fact]
    public async Task The_write_of_one_object_does_not_delay_another()
    {
        await SyncAsync();
        fence.Wrote(Thing.Named("a", "8"));
        fence.Behind(fed.Informer, new ObjectKey("n", "b")).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => fed.DisposeAsync();

    private Task SyncAsync() => fed.SyncAsync(Thing.Named("a"));
}
