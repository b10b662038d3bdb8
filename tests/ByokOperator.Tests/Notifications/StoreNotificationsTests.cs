using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using ByokOperator.Tests.Stores;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Notifications;

/// <summary>What is told of a store's closing and opening hangs on the operator's own record,
/// and not on what the last status says.</summary>
public sealed class StoreNotificationsTests
{
    private static readonly EncryptedStore Store = new()
    {
        Metadata = new ObjectMeta { Name = "store", Namespace = "acme", Uid = "uid", Generation = 3 },
        Spec = new EncryptedStoreSpec { Aws = new AwsStore { Region = "r" } },
    };

    private static readonly StoreWorld Closed = Worlds.Closed;

    private static readonly StoreWorld Unnoted = Worlds.Closed with { Closure = null };

    private static readonly StoreWorld Reopened = Worlds.Open with
    {
        Closure = new StoreClosure(Worlds.Noon, Worlds.Noon.AddHours(2)),
        Now = Worlds.Noon.AddHours(2),
    };

    [Theory]
    [InlineData("none")]
    [InlineData("another time")]
    [InlineData("open")]
    public void A_closing_is_told_under_one_id_whatever_became_of_the_status(string status)
    {
        var later = Closed with { Now = Worlds.Noon.AddHours(1) };
        var first = Of(Closed, shown: null).Single(notice => notice.Type == NotificationTypes.StoreClosed);
        Of(later, Shown(status)).Single(notice => notice.Type == NotificationTypes.StoreClosed)
            .ShouldBeEquivalentTo(first);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("another time")]
    [InlineData("open")]
    public void An_opening_is_told_though_the_status_does_not_say_that_the_store_was_closed(string status)
    {
        var told = Of(Reopened, Shown(status)).ShouldHaveSingleItem();
        (told.Type, told.Time).ShouldBe((NotificationTypes.StoreReopened, Worlds.Noon.AddHours(2)));
    }

    [Fact]
    public void A_store_that_was_never_closed_was_not_reopened() =>
        Of(Worlds.Open, Shown("another time")).ShouldBeEmpty();

    [Fact]
    public void When_it_was_closed_and_opened_is_noted_once_each()
    {
        Noted(Unnoted).ShouldBe(new StoreAct.NoteClosed(Worlds.Noon));
        StoreLadder.ClosureKept(Unnoted).ShouldBeOfType<Finding.Lacks>().Reason.ShouldBe("ClosingNotNoted");
        Noted(Closed).ShouldBeNull();
        Noted(Closed with { Closure = Reopened.Closure })
            .ShouldBe(new StoreAct.NoteClosed(Worlds.Noon), "another closing");
        Noted(Worlds.Revoked).ShouldBeNull("it is not closed yet");
        Noted(Unnoted with { IsPlaced = false }).ShouldBeNull("there is no record to write into");

        var opened = Worlds.Open with { Closure = Closed.Closure };
        Noted(opened).ShouldBe(new StoreAct.NoteReopened(Worlds.Noon, Worlds.Noon));
        Noted(Reopened).ShouldBeNull();
        Noted(opened with { Binding = Fact.Seen<BindingFacts?>(null) }).ShouldBeNull("nobody is served yet");
        Noted(opened with { Target = Worlds.Closed.Target }).ShouldBeNull("nobody gets in yet");
        Noted(opened with { Binding = Fact.Blind<BindingFacts?>("Unreachable") }).ShouldBeNull("nobody looked");
    }

    [Fact]
    public void A_closing_notes_its_time_beside_what_else_is_due_and_a_store_that_serves_before_anything_else()
    {
        StorePlan.Choose(Unnoted).Steps.OfType<Step.Take>().Select(step => step.Act)
            .ShouldContain(new StoreAct.NoteClosed(Worlds.Noon));
        var opened = Worlds.Open with { Closure = Closed.Closure };
        StorePlan.Choose(opened).Steps.ShouldHaveSingleItem()
            .ShouldBe(
                new Step.Take("ClocksKept", "ReopeningNotNoted", new StoreAct.NoteReopened(Worlds.Noon, Worlds.Noon)));
    }

    private static Act? Noted(StoreWorld world) => (StoreLadder.ClosureKept(world) as Finding.Lacks)?.Remedy;

    private static EncryptedStoreStatus? Shown(string status) => status switch
    {
        "none" => null,
        "open" => new() { Availability = "Open" },
        _ => new() { Availability = "Closed", ClosedSince = Worlds.Noon.AddDays(-3) },
    };

    private static List<Notification> Of(StoreWorld world, EncryptedStoreStatus? shown)
    {
        var store = Store with { Status = shown };
        var plan = StorePlan.Choose(world);
        return [.. StoreNotifications.Of(store, world, StoreStatusReport.Of(store, world, plan, [], census: null))
            .Where(notice => notice.Type != NotificationTypes.StoreClosing)];
    }
}
