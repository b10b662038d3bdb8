using k8s.Models;
using Kube.Core;
using Kube.Runtime.Informers;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Informers;

public sealed class WatchMachineTests
{
    private readonly WatchMachine<Thing> machine = new();

    [Fact]
    public void It_begins_with_a_list() => Tell(machine.Start()).ShouldBe("Begin -> Page()");

    [Fact]
    public void A_list_of_two_pages_is_one_list()
    {
        machine.Start();
        Tell(machine.Advance(Page("5", "next", "a"))).ShouldBe("Item -> Page(next)");
        Tell(machine.Advance(Page("5", null, "b"))).ShouldBe("Item End -> Open(5)");
    }

    [Fact]
    public void An_open_watch_is_read() =>
        Tell(Listed().Advance(new WatchResponse<Thing>.Opened())).ShouldBe(" -> Read");

    [Fact]
    public void A_watch_that_ends_goes_on_after_the_last_version_it_heard_of()
    {
        Listed();
        Tell(machine.Advance(Changed("7"))).ShouldBe("Changed -> Read");
        Tell(machine.Advance(new WatchResponse<Thing>.Closed())).ShouldBe(" -> Open(7)");
        Tell(
            machine.Advance(
                new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Deleted(Thing.Named("a", "8").Metadata))))
            .ShouldBe("Gone -> Read");
        Tell(machine.Advance(new WatchResponse<Thing>.Closed())).ShouldBe(" -> Open(8)");
    }

    [Fact]
    public void A_bookmark_moves_the_version_and_nothing_else()
    {
        Listed();
        Tell(machine.Advance(new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Bookmark("90"))))
            .ShouldBe("Reached -> Read");
        Tell(machine.Advance(new WatchResponse<Thing>.Failed(0))).ShouldBe(" -> Open(90)");
    }

    [Theory]
    [InlineData(0)] // reset, refused, silent
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void Trouble_does_not_cost_a_list(int code) =>
        Tell(Listed().Advance(new WatchResponse<Thing>.Failed(code))).ShouldBe(" -> Open(5)");

    [Theory]
    [InlineData(410)]
    [InlineData(400)]
    [InlineData(403)]
    public void A_version_the_server_refuses_means_listing_again(int code) =>
        Tell(Listed().Advance(new WatchResponse<Thing>.Failed(code))).ShouldBe("Begin -> Page()");

    [Fact]
    public void What_the_watch_can_not_be_got_past_means_listing_again() =>
        Tell(Listed().Advance(new WatchResponse<Thing>.Failed(0, IsInTheWay: true))).ShouldBe("Begin -> Page()");

    [Fact]
    public void An_object_that_can_not_be_read_moves_the_watch_on_like_any_other()
    {
        Listed();
        Tell(machine.Advance(new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Unreadable(Bad("a", "7")))))
            .ShouldBe("Spoiled -> Read");
        Tell(machine.Advance(new WatchResponse<Thing>.Closed())).ShouldBe(" -> Open(7)");
    }

    [Fact]
    public void Where_nobody_knows_which_object_it_was_the_list_tells_what_stands()
    {
        Listed();
        Tell(machine.Advance(new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Unreadable(Bad("", "7")))))
            .ShouldBe("Begin -> Page()");
        machine.Advance(Page("8", null));
        Tell(
            machine.Advance(
                new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Deleted(new ObjectMeta { ResourceVersion = "9" }))))
                    .ShouldBe("Begin -> Page()");
    }

    [Fact]
    public void A_list_with_an_object_that_can_not_be_read_is_a_whole_list()
    {
        machine.Start();
        var page = new KubeList<Thing>([Thing.Named("a")],
            new V1ListMeta { ResourceVersion = "5" }) { Unreadable = [Bad("b", "4")] };
        Tell(machine.Advance(new WatchResponse<Thing>.Listed(page))).ShouldBe("Item BadItem End -> Open(5)");
    }

    [Theory]
    [InlineData(410, "Begin -> Page()")]
    [InlineData(500, " -> Open(5)")]
    public void An_error_inside_the_stream_counts_like_one_outside(int code, string told) =>
        Tell(Listed()
            .Advance(new WatchResponse<Thing>.Seen(new WatchEvent<Thing>.Failed(new KubeStatus { Code = code }))))
            .ShouldBe(told);

    [Theory]
    [InlineData(0)]
    [InlineData(410)]
    [InlineData(500)]
    public void A_list_that_breaks_half_way_begins_again(int code)
    {
        machine.Start();
        machine.Advance(Page("5", "next", "a"));
        Tell(machine.Advance(new WatchResponse<Thing>.Failed(code))).ShouldBe("Begin -> Page()");
    }

    [Fact]
    public void After_listing_again_the_old_version_is_forgotten()
    {
        Listed().Advance(new WatchResponse<Thing>.Failed(410));
        Tell(machine.Advance(new WatchResponse<Thing>.Failed(0))).ShouldBe("Begin -> Page()");
    }

    private WatchMachine<Thing> Listed()
    {
        machine.Start();
        machine.Advance(Page("5", null, "a"));
        return machine;
    }

    private static Quarantined Bad(string name, string version) =>
        new(Thing.Named(name, version).Metadata, "spec: not a text");

    private static WatchResponse<Thing>.Seen Changed(string version) =>
        new(new WatchEvent<Thing>.Changed(Thing.Named("a", version)));

    private static WatchResponse<Thing>.Listed Page(string version, string? next, params string[] names) =>
        new(
            new KubeList<Thing>([.. names.Select(name => Thing.Named(name))],
                new V1ListMeta { ResourceVersion = version, ContinueProperty = next }));

    private static string Tell((IReadOnlyList<InformerEvent<Thing>> Signals, WatchRequest Next) step) =>
        string.Join(' ', step.Signals.Select(signal => signal.GetType().Name)) + " -> " + step.Next switch
        {
            WatchRequest.Page page => $"Page({page.Continue})",
            WatchRequest.Open open => $"Open({open.ResourceVersion})",
            _ => "Read",
        };
}
