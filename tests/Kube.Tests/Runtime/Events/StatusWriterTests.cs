using Kube.Core;
using Kube.Runtime.Events;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Events;

public sealed class StatusWriterTests
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task What_the_server_shows_already_is_not_written()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        var thing = await cluster.CreateAsync("a");
        (await WriteAsync(writer, thing, "True", "hello")).ShouldBeTrue();
        var shown = await cluster.GetAsync("a");
        var before = cluster.Writes("things");
        time.Advance(TimeSpan.FromHours(1));

        (await WriteAsync(writer, shown, "True", "hello")).ShouldBeFalse();
        (await WriteAsync(Writer(cluster), shown, "True", "hello"))
            .ShouldBeFalse("nor by a writer that remembers nothing");
        cluster.Writes("things").ShouldBe(before);
    }

    [Fact]
    public async Task A_copy_that_has_not_heard_of_our_write_does_not_make_us_repeat_it()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        var stale = await cluster.CreateAsync("a");
        (await WriteAsync(writer, stale, "True", "hello")).ShouldBeTrue();
        (await WriteAsync(writer, stale, "True", "hello")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_that_is_behind_does_not_hide_that_we_changed_our_mind()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        await WriteAsync(writer, await cluster.CreateAsync("a"), "True", "first");
        var stale = await cluster.GetAsync("a");
        (await WriteAsync(writer, stale, "True", "second")).ShouldBeTrue();
        (await WriteAsync(writer, stale, "True", "first")).ShouldBeTrue("though the stale copy shows just that");
        (await cluster.GetAsync("a")).Status!.Note.ShouldBe("first");
    }

    [Fact]
    public async Task What_somebody_else_changed_is_put_right()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        var thing = await cluster.CreateAsync("a");
        await WriteAsync(writer, thing, "True", "ours");
        await cluster.Things.ApplyStatusAsync(thing with { Status = new ThingStatus { Note = "theirs" } }, "them",
            CancellationToken.None);
        (await WriteAsync(writer, await cluster.GetAsync("a"), "True", "ours")).ShouldBeTrue();
        (await cluster.GetAsync("a")).Status!.Note.ShouldBe("ours");
    }

    [Fact]
    public async Task What_was_found_of_one_copy_is_not_believed_of_the_next()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        await WriteAsync(writer, await cluster.CreateAsync("a"), "True", "ours");
        var shown = await cluster.GetAsync("a");
        (await WriteAsync(writer, shown, "True", "ours")).ShouldBeFalse();
        (await WriteAsync(writer, shown, "True", "ours")).ShouldBeFalse();

        await cluster.Things.ApplyStatusAsync(shown with { Status = new ThingStatus { Note = "theirs" } }, "them",
            CancellationToken.None);

        (await WriteAsync(writer, await cluster.GetAsync("a"), "True", "ours")).ShouldBeTrue();
        (await WriteAsync(writer, shown, "True", "other")).ShouldBeTrue();
        (await WriteAsync(writer, shown, "True", "ours")).ShouldBeTrue("something else was written since");
    }

    [Fact]
    public async Task The_transition_time_moves_only_with_the_status()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        var began = time.GetUtcNow();
        await WriteAsync(writer, await cluster.CreateAsync("a"), "True", "x");
        time.Advance(TimeSpan.FromHours(1));
        await WriteAsync(writer, await cluster.GetAsync("a"), "True", "other note");
        (await cluster.GetAsync("a")).Status!.Conditions.Single().LastTransitionTime.ShouldBe(began);
        await WriteAsync(writer, await cluster.GetAsync("a"), "False", "other note");
        (await cluster.GetAsync("a")).Status!.Conditions.Single().LastTransitionTime
            .ShouldBe(began + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Nothing_but_status_is_written()
    {
        await using var cluster = await Cluster.StartAsync();
        var thing = await cluster.CreateAsync("a", spec: "wanted");
        await WriteAsync(Writer(cluster), thing with { Spec = "a stale copy" }, "True", "x");
        var shown = await cluster.GetAsync("a");
        shown.Spec.ShouldBe("wanted");
        shown.Metadata.Generation.ShouldBe(thing.Metadata.Generation);
    }

    [Fact]
    public async Task A_namesake_made_later_is_not_mistaken_for_the_one_we_wrote()
    {
        await using var cluster = await Cluster.StartAsync();
        var writer = Writer(cluster);
        await WriteAsync(writer, await cluster.CreateAsync("a"), "True", "x");
        await cluster.Things.DeleteAsync(new ObjectKey("n", "a"), null, CancellationToken.None);
        (await WriteAsync(writer, await cluster.CreateAsync("a"), "True", "x")).ShouldBeTrue();
    }

    private StatusWriter<Thing> Writer(Cluster cluster) => new(cluster.Things, "test", time);

    private static Task<bool> WriteAsync(StatusWriter<Thing> writer, Thing current, string ready, string note) =>
        writer.WriteAsync(
            current with
            {
                Status = new ThingStatus
                {
                    Note = note,
                    Conditions = [new Condition { Type = "Ready", Status = ready, Reason = "Observed" }],
                },
            },
            current,
            CancellationToken.None);
}
