using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Shouldly;
using Xunit;
using static CloudStories.Leaving;

namespace CloudStories;

/// <summary>A store on Azure whose key is taken away: its data goes back to the shared place, the account goes, and the
/// key is nobody's any more.</summary>
public sealed class LeavingStories
{
    [Theory(Timeout = LastResort.Story)]
    [InlineData("acme/")]
    [InlineData("")]
    public async Task A_tenant_joins_leaves_deletes_and_disables_its_key_and_nothing_happens_and_it_joins_again(
        string prefix)
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant, prefix);
        await scene.PutStoreAsync(store, "acme/new.txt", "two");
        await scene.DeleteAsync(store, "acme/b.txt");

        await LeaveAsync(tenant);
        var asked = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "ReturnNotConfirmed");
        asked.Status!.Availability.ShouldBe("Open");
        Conditions.Find(asked.Status.Conditions, "Stalled")!.Message.ShouldContain("Microsoft.Storage");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();

        await ConfirmAsync(tenant);
        (await UntilLeftAsync(tenant)).Status!.Availability.ShouldBeNull();
        scene.Stands(store).ShouldBeFalse();
        var binding = (await tenant.BindingAsync())!.Data!;
        (binding["account"], binding["container"], binding["prefix"],
            binding["key"]).ShouldBe(("platformbackups", "backups", prefix, ""));
        await ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/new.txt", "two"));
        (await scene.ListSharedAsync(".byok/")).ShouldBeEmpty();
        await scene.PutSharedAsync("acme/a.txt", "writes are open");

        await tenant.DeleteAsync<TenantEncryptionKey>("key");
        await Until.TrueAsync("the key is let go", async () => await tenant.KeyAsync() is null);
        scene.SwitchKey(on: false);
        await tenant.LookAsync();
        await tenant.UntilAsync(now => IsLeft(now) && now.Status!.Availability is null);
        await ShouldHoldAsync(scene, ("acme/a.txt", "writes are open"), ("acme/new.txt", "two"));

        scene.SwitchKey(on: true);
        await tenant.ApplyKeyAsync();
        await NameAsync(tenant);
        var again = (await tenant.UntilReadyAsync()).Status!.Location!;
        (await scene.ReadAsync(again, "acme/new.txt")).ShouldBe("two");
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task Every_version_and_name_goes_back_and_an_operator_that_is_killed_at_every_step_loses_nothing()
    {
        string[] names = ["acme/\uFF080", "acme/\U0001F6000", "acme/\uE000/0", "acme/\U00010000/0", "acme/ ",
            "acme/a+b%20c", "acme//"];
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        await scene.KeepVersionsAsync();
        foreach (var name in names)
        {
            await scene.PutSharedAsync(name, $"of {name}");
        }

        var store = await JoinAsync(tenant);
        await scene.PutStoreAsync(store, "acme/a.txt", "newer");
        await scene.DeleteAsync(store, "acme/b.txt");
        await ConfirmAsync(tenant);
        await LeaveAsync(tenant);

        var seen = new HashSet<string>();
        await tenant.UntilAsync(now =>
        {
            if (!IsLeft(now) && seen.Add($"{TenantLife.ReasonOf(now)}"))
            {
                tenant.Stage.StopOperatorAsync().GetAwaiter().GetResult();
                tenant.Stage.RestartOperator();
            }

            return IsLeft(now);
        });
        seen.Count.ShouldBeGreaterThan(2, string.Join(' ', seen));
        scene.Stands(store).ShouldBeFalse();
        await ShouldHoldAsync(scene, [("acme/a.txt", "newer"), .. names.Select(name => (name, $"of {name}"))]);
        (await scene.VersionsAsync("acme/a.txt")).ShouldBe(2);
        (await scene.VersionsAsync("acme/b.txt")).ShouldBe(1, "what was deleted stands on as it stood in the store");
        await scene.PutSharedAsync("acme/b.txt", "writes are open");
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_is_revoked_on_the_way_closes_the_store_and_only_the_same_key_leads_on()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant);
        var turnstile = await LeaveHeldAfterOneAsync(tenant);

        scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        (await scene.IsShutAsync(store)).ShouldBeTrue();
        turnstile.Open();
        (await tenant.BindingAsync()).ShouldBeNull();

        scene.SwitchKey(on: true);
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
        scene.Stands(store).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_key_that_is_named_again_on_the_way_takes_the_copies_back_and_nothing_of_anybody_else_s()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant);
        var turnstile = await LeaveHeldAfterOneAsync(tenant);
        var copied = (await scene.ListSharedAsync("acme/")).Single();
        (await scene.TryPutSharedAsync(copied, "another's")).ShouldBe(412, "what was copied is held");
        (await scene.TryPutSharedAsync("acme/x.txt", "another's")).ShouldBe(201, "Azure refuses no new name");
        await scene.PutStoreAsync(store, "acme/a.txt", "nobody is held up in the store by the first copy");

        await NameAsync(tenant);
        turnstile.Open();
        var told = await tenant.UntilAsync(now => TenantLife.ReasonOf(now) == "SharedPlaceNotEmpty");
        Conditions.Find(told.Status!.Conditions, "Stalled")!.Message.ShouldContain("acme/x.txt");
        told.Status.Availability.ShouldBe("Open");
        (await scene.ListSharedAsync("acme/")).ShouldContain("acme/x.txt");
        await scene.DeleteSharedAsync("acme/x.txt");
        await tenant.LookAsync();
        await tenant.UntilAsync(now =>
            TenantLife.Is(now, "Ready", "True") && now.Status!.Availability == "Open"
                && Conditions.Find(now.Status.Conditions, "Compliant") is not null);
        (await scene.ListSharedAsync("")).ShouldBeEmpty();
        (await scene.ReadAsync(store, "acme/b.txt")).ShouldBe("bee");

        await LeaveAsync(tenant);
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(scene, ("acme/a.txt", "nobody is held up in the store by the first copy"),
            ("acme/b.txt", "bee"));
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task Whoever_writes_to_the_shared_place_on_the_way_keeps_what_he_wrote_and_is_told()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant);
        var turnstile = await LeaveHeldAfterOneAsync(tenant);
        var other = (await scene.ListSharedAsync("acme/")).Single() == "acme/a.txt" ? "acme/b.txt" : "acme/a.txt";
        await scene.PutSharedAsync(other, "another's");
        turnstile.Open();

        var told = await tenant.UntilAsync(now => TenantLife.SaysOf(now, "BulkCopied", "ObjectsRefused"));
        Conditions.Find(told.Status!.Conditions, "BulkCopied")!.Message.ShouldContain(other);
        (await scene.ReadSharedAsync(other)).ShouldBe("another's");
        (await scene.ReadAsync(store, other)).ShouldNotBeNull();
        await scene.DeleteSharedAsync(other);
        await tenant.LookAsync();
        await UntilLeftAsync(tenant);
        await ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
    }

    [Fact(Timeout = LastResort.Story)]
    public async Task A_container_that_somebody_made_in_the_account_is_not_deleted_with_it()
    {
        var scene = new AzureScene();
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant);
        scene.MakeContainer(store, "theirs");
        await ConfirmAsync(tenant);
        await LeaveAsync(tenant);
        var told = await tenant.UntilAsync(now => TenantLife.SaysOf(now, "StoreDeleted", "StoreNotEmpty"));
        Conditions.Find(told.Status!.Conditions, "Stalled")!.Message.ShouldContain("the container theirs");
        scene.Stands(store).ShouldBeTrue();
        await ShouldHoldAsync(scene, ("acme/a.txt", "one"), ("acme/b.txt", "bee"));
        (await tenant.BindingAsync())!.Data!["account"].ShouldBe("platformbackups");

        scene.RemoveContainer(store, "theirs");
        await tenant.LookAsync();
        await UntilLeftAsync(tenant);
        scene.Stands(store).ShouldBeFalse();
    }

    [Fact(Timeout = LastResort.Story)]
    public Task On_AWS_what_a_return_brought_is_taken_back_from_a_closed_store_that_is_deleted() =>
        DeleteClosedAsync(new AwsScene());

    [Fact(Timeout = LastResort.Story)]
    public Task On_Azure_what_a_return_brought_is_taken_back_from_a_closed_store_that_is_deleted() =>
        DeleteClosedAsync(new AzureScene());

    /// <summary>The key is lost: nobody will open that store again, and its object is deleted.</summary>
    private static async Task DeleteClosedAsync(ICloudScene scene)
    {
        await using var tenant = await TenantLife.BeginAsync(scene);
        var store = await JoinAsync(tenant);
        var turnstile = await LeaveHeldAfterOneAsync(tenant);
        scene.SwitchKey(on: false);
        await tenant.UntilClosedAsync();
        turnstile.Open();
        await tenant.DeleteAsync<EncryptedStore>("store");
        await tenant.UntilGoneAsync();
        (await scene.ListSharedAsync("acme/")).ShouldBeEmpty();
        scene.Stands(store).ShouldBeTrue();
        await scene.PutSharedAsync("acme/a.txt", "writes are open");
    }
}
