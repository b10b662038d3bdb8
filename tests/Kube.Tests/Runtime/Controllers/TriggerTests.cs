using Kube.Core;
using Kube.Runtime.Controllers;
using Kube.Runtime.Informers;
using Kube.Tests.Runtime.Informers;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.Controllers;

public sealed class TriggerTests : IAsyncDisposable
{
    private static readonly ResourceKind owner = new("tests.example", "v2", "Owner", "owners");

    private readonly FedStore fed = new(new ManualTime());
    private readonly List<(string Key, int Priority)> woken = [];

    private Informer<Thing> Informer => fed.Informer;

    [Fact]
    public async Task A_dependant_wakes_its_controlling_owner_whatever_the_version()
    {
        await RunAsync(Trigger.Owner(Informer, owner), Owned("tests.example/v1", "Owner", isController: true));
        Woken().ShouldBe(["n/o"]);
    }

    [Theory]
    [InlineData("other.example/v1", "Owner", true)]
    [InlineData("tests.example/v1", "Cousin", true)]
    [InlineData("tests.example/v1", "Owner", false)]
    [InlineData("v1", "Owner", true)]
    public async Task Nobody_else_is_woken(string apiVersion, string kind, bool isController)
    {
        await RunAsync(Trigger.Owner(Informer, owner), Owned(apiVersion, kind, isController));
        Woken().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_referenced_object_wakes_those_that_mention_it()
    {
        var mentions =
            Informer.IndexBy(item => item.Spec is { } named ? [new ObjectKey("n", named)] : Array.Empty<ObjectKey>());
        await RunAsync(
            Trigger.Map(Informer, item => mentions.Find(item.Metadata.Key).Select(one => one.Metadata.Key)),
            Thing.Named("x") with { Spec = "shared" },
            Thing.Named("y") with { Spec = "shared" },
            Thing.Named("shared"));
        Woken().ShouldBe(["n/x", "n/y"]);
    }

    [Fact]
    public async Task A_change_wakes_what_it_left_and_what_it_came_to()
    {
        await RunAsync(Trigger.Map(Informer, item => [new ObjectKey("n", item.Spec!)]),
            Thing.Named("x") with { Spec = "before" });
        fed.Source.Change(Thing.Named("x", "6") with { Spec = "after" });
        await Eventually.Holds(() => Woken().Count == 3, "both");
        Woken().Skip(1).Order().ShouldBe(["n/after", "n/before"]);
    }

    [Fact]
    public async Task The_first_list_waits_behind_what_happens_now()
    {
        await RunAsync(Trigger.Own(Informer), Thing.Named("x"));
        fed.Source.Change(Thing.Named("y", "6"));
        await Eventually.Holds(() => Woken().Count == 2, "both");
        woken.ShouldBe([("n/x", -100), ("n/y", 0)]);
    }

    [Fact]
    public async Task The_first_list_does_not_wait_where_every_object_is_due_again_and_again()
    {
        await RunAsync(Trigger.Own(Informer, firstListPriority: 0), Thing.Named("x"));
        woken.ShouldBe([("n/x", 0)]);
    }

    public ValueTask DisposeAsync() => fed.DisposeAsync();

    private async Task RunAsync(Trigger trigger, params Thing[] items)
    {
        trigger.Attach((key, priority) =>
        {
            lock (woken)
            {
                woken.Add((key.ToString(), priority));
            }
        });
        await fed.SyncAsync(items);
    }

    private List<string> Woken()
    {
        lock (woken)
        {
            return [.. woken.Select(one => one.Key)];
        }
    }

    private static Thing Owned(string apiVersion, string kind, bool isController)
    {
        var thing = Thing.Named("x");
        thing.Metadata = thing.Metadata with
        {
            OwnerReferences =
                [new() { ApiVersion = apiVersion, Kind = kind, Name = "o", Uid = "u", Controller = isController }],
        };
        return thing;
    }
}
