using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stores;

public sealed class StoreChildrenTests
{
    private static readonly ObjectKey address = new(Lookout.Namespace, "store-binding");

    [Fact]
    public async Task An_edited_entry_is_seen_and_one_that_was_put_beside_ours_is_not()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await BoundAsync(lookout);
        var wanted = Binding.ExpectedHash(store, Lookout.Arn);
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None))
            .ShouldBe(new BindingFacts(wanted, null));

        await EditAsync(lookout, "note", "ours");
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None))!.Content.ShouldBe(wanted);
        await EditAsync(lookout, "bucket", "somebodys");
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None))!.Content.ShouldNotBe(wanted);
    }

    [Fact]
    public async Task
        A_probe_tells_what_somebody_wrote_or_took_away_and_not_what_the_operator_did_or_nobody_looked_at_yet()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        var children = lookout.Around.Children;
        Task<bool> HasChanged() => children.HasChangedAsync(store.Metadata.Key, CancellationToken.None);
        (await HasChanged()).ShouldBeFalse("nobody looked yet");

        await children.BindingAsync(store, CancellationToken.None);
        await children.ReportNotesAsync(store, CancellationToken.None);
        await children.ApplyAsync(Binding.For(store, Lookout.Arn, null), CancellationToken.None);
        (await HasChanged()).ShouldBeFalse("that was the operator");
        await EditAsync(lookout, "bucket", "somebodys");
        (await HasChanged()).ShouldBeTrue();

        await children.BindingAsync(store, CancellationToken.None);
        (await HasChanged()).ShouldBeFalse("it was looked at since");
        await lookout.Kube.Api<ConfigMap>().DeleteAsync(address, null, CancellationToken.None);
        (await HasChanged()).ShouldBeTrue();
        await children.BindingAsync(store, CancellationToken.None);
        (await HasChanged()).ShouldBeFalse("that it is gone was seen");
        await lookout.Kube.Api<ConfigMap>()
            .ApplyAsync(
                new ConfigMap { Metadata = new ObjectMeta { Name = "store-report", Namespace = Lookout.Namespace } },
                "test", CancellationToken.None);
        (await HasChanged()).ShouldBeTrue("the report counts too");
    }

    [Fact]
    public async Task One_of_that_name_that_is_somebody_elses_is_no_binding_and_stays()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await lookout.ApplyStoreAsync();
        await lookout.Kube.Api<ConfigMap>()
            .ApplyAsync(
                new ConfigMap { Metadata = new ObjectMeta { Name = address.Name, Namespace = address.Namespace } },
                "test", CancellationToken.None);
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None)).ShouldBeNull();
        await lookout.Around.Children.UnbindAsync(store, CancellationToken.None);
        (await lookout.Kube.Api<ConfigMap>().TryGetAsync(address, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_binding_whose_owner_somebody_took_away_is_still_the_stores_and_goes()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await BoundAsync(lookout);
        await lookout.Kube.Api<ConfigMap>()
            .PatchMergeAsync(address, new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = null } },
                CancellationToken.None);
        (await lookout.Around.Children.BindingAsync(store, CancellationToken.None)).ShouldNotBeNull();
        await lookout.Around.Children.UnbindAsync(store, CancellationToken.None);
        (await lookout.Kube.Api<ConfigMap>().TryGetAsync(address, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_finalizer_that_somebody_put_on_it_is_told_and_not_fought()
    {
        await using var lookout = await Lookout.StartAsync();
        var store = await BoundAsync(lookout);
        await lookout.Kube.Api<ConfigMap>()
            .PatchMergeAsync(address,
                new JsonObject
                {
                    ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("evil.example/hold") },
                }, CancellationToken.None);
        await lookout.Around.Children.UnbindAsync(store, CancellationToken.None);
        var seen = Fact.Seen(await lookout.Around.Children.BindingAsync(store, CancellationToken.None));
        ClosingLadder.BindingRemoved(Worlds.Revoked with { Binding = seen })
            .ShouldBeOfType<Finding.Pending>().Reason.ShouldBe("BindingHeld");
    }

    [Fact]
    public void Those_that_were_asked_for_longest_ago_come_first()
    {
        var children = new StoreChildren(null!);
        ObjectKey[] stores = [new("acme", "a"), new("acme", "b"), new("acme", "c")];
        children.HasChangedAsync(stores[0], CancellationToken.None).IsCompletedSuccessfully
            .ShouldBeTrue("nobody looked at it: nothing is asked");
        children.InTurn(stores).ShouldBe([stores[1], stores[2], stores[0]]);
    }

    private static async Task<EncryptedStore> BoundAsync(Lookout lookout)
    {
        var store = await lookout.ApplyStoreAsync();
        await lookout.Around.Children.ApplyAsync(Binding.For(store, Lookout.Arn, null), CancellationToken.None);
        return store;
    }

    private static Task<ConfigMap> EditAsync(Lookout lookout, string entry, string value) =>
        lookout.Kube.Api<ConfigMap>().PatchMergeAsync(
            address, new JsonObject { ["data"] = new JsonObject { [entry] = value } }, CancellationToken.None);
}
