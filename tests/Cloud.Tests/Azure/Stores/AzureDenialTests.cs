using Cloud.Stores;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

/// <summary>Closing an account against all that others can put in its way.</summary>
public sealed class AzureDenialTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DenialOrder Recorded = new(IsRecorded: true, Earlier: null, KeepAsync: null);

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task A_private_endpoint_is_shut_with_the_store_and_opened_with_it()
    {
        var spec = await PreparedAsync();
        stand.Admin.ConnectPrivately(Account(spec), "vnet");
        stand.Admin.ConnectPrivately(Account(spec), "theirs");
        await world.RejectAsync(spec, "theirs");
        await world.ChangeAsync(spec, """{"properties":{"publicNetworkAccess":"Disabled"}}""");
        (await world.PutBlobAsync(spec.Store, "a", via: "vnet")).ShouldBe(201);

        await Stores.DenyAsync(spec, Recorded, None);

        (await world.PutBlobAsync(spec.Store, "a", via: "vnet")).ShouldBe(403);
        (await Stores.LookAtDenialAsync(spec, None))
            .ShouldBe(new DenialLook(StoreOwnership.Ours, IsDenied: true, SettlesAt: null));
        (await Stores.AllowAsync(spec, setAside: null, None)).ShouldBeEmpty();
        (await world.PutBlobAsync(spec.Store, "a", via: "vnet")).ShouldBe(201);
        stand.Admin.PrivateConnectionOf(Account(spec), "theirs").ShouldBe("Rejected");
    }

    [Fact]
    public async Task A_private_endpoint_that_is_approved_in_a_closed_store_is_seen_and_shut_again()
    {
        var spec = await PreparedAsync();
        await Stores.DenyAsync(spec, Recorded, None);
        stand.Admin.ConnectPrivately(Account(spec), "late");
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();

        await Stores.DenyAsync(spec, Recorded, None);

        (await world.PutBlobAsync(spec.Store, "a", via: "late")).ShouldBe(403);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task A_private_endpoint_that_can_not_be_opened_again_is_told_and_holds_no_opening_up()
    {
        var spec = await PreparedAsync();
        stand.Admin.ConnectPrivately(Account(spec), "vnet");
        await Stores.DenyAsync(spec, Recorded, None);
        Fault("PutPrivateEndpointConnection", new FaultEffect.Deny());

        (await Stores.AllowAsync(spec, setAside: null, None)).ShouldHaveSingleItem().What.ShouldBe("vnet");

        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
    }

    [Fact]
    public async Task A_role_that_a_lock_keeps_holds_the_network_open_for_nobody()
    {
        stand.Server.Admin.ClearFaults();
        var principal = stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");
        var (cloud, spec) = (stand.Cloud, world.NewSpec() with { Workloads = new(null, principal) });
        await cloud.Stores.PrepareAsync(spec, None);
        stand.Admin.Lock(stand.Admin.AccountId(Account(spec)), isReadOnly: false);

        var refused =
            (await Should.ThrowAsync<CloudException>(() => cloud.Stores.DenyAsync(spec, Recorded, None))).Problem;

        (refused.Code, refused.Message).ShouldBe(("ScopeLocked", refused.Message));
        refused.Message.ShouldContain("take the lock away");
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        (await cloud.Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse("all that goes with it was not done");
        stand.Admin.Unlock(stand.Admin.AccountId(Account(spec)));
        await cloud.Stores.DenyAsync(spec, Recorded, None);
        (await cloud.Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task A_lock_that_forbids_everything_is_named()
    {
        var spec = await PreparedAsync();
        stand.Admin.Lock(stand.Admin.AccountId(Account(spec)), isReadOnly: true);

        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, Recorded, None))).Problem.Code
            .ShouldBe("ScopeLocked");

        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();
        stand.Admin.Unlock(stand.Admin.AccountId(Account(spec)));
    }

    [Theory]
    [InlineData("networkAcls")]
    [InlineData("allowSharedKeyAccess")]
    [InlineData("tags")]
    [InlineData("publicNetworkAccess")]
    public async Task What_a_policy_forbids_holds_up_nothing_else(string property)
    {
        var spec = await PreparedAsync();
        var policy = $"no-{property}-{Guid.NewGuid():N}";
        stand.Admin.DenyByPolicy(policy, "Microsoft.Storage/storageAccounts", property: property);
        var before = stand.Server.Admin.Count("arm", "RevokeUserDelegationKeys");

        var refused = (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, Recorded, None))).Problem;

        stand.Admin.RemovePolicy(policy);
        refused.Code.ShouldBe("RequestDisallowedByPolicy");
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        stand.Server.Admin.Count("arm", "RevokeUserDelegationKeys").ShouldBe(before + 1);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeFalse();
        await Stores.DenyAsync(spec, Recorded, None);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_that_can_not_be_looked_at_holds_the_closing_up()
    {
        var spec = await PreparedAsync();
        Fault("GetBlobService", new FaultEffect.Deny());
        Fault("GetContainer", new FaultEffect.Deny());
        await Should.ThrowAsync<CloudException>(() => Stores.DescribeAsync(spec, None));

        await Stores.DenyAsync(spec, Recorded, None);

        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task An_account_that_can_not_be_looked_at_is_shut_where_the_operator_recorded_its_place()
    {
        var spec = await PreparedAsync();
        Fault("GetStorageAccount", new FaultEffect.Deny());
        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, DenialOrder.ByTag, None))).Problem
            .ShouldBeOfType<CloudProblem.Forbidden>();
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);

        await Stores.DenyAsync(spec, Recorded, None);

        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        stand.Server.Admin.ClearFaults();
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied
            .ShouldBeFalse("what is not written down may have broken off");
        await Stores.DenyAsync(spec, Recorded, None);
        (await Stores.LookAtDenialAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task An_account_that_lost_its_tag_is_closed_where_the_operator_recorded_its_place_and_nowhere_else()
    {
        var spec = await PreparedAsync();
        await world.ChangeAsync(spec, """{"tags":{"team":"a"}}""");
        (await Should.ThrowAsync<CloudException>(() => Stores.DenyAsync(spec, DenialOrder.ByTag, None))).Problem.Code
            .ShouldBe("NotOurs");

        await Stores.DenyAsync(spec, Recorded, None);

        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        var seen = await Stores.DescribeAsync(spec, None);
        (seen.Ownership, seen.IsDenied).ShouldBe((StoreOwnership.Unmarked, true));
        (await Should.ThrowAsync<CloudException>(() => Stores.AllowAsync(spec, setAside: null, None))).Problem.Code
            .ShouldBe("NotOurs");
    }

    [Fact]
    public async Task Another_owners_account_is_not_closed_whatever_a_record_says()
    {
        var spec = await PreparedAsync();
        (await Should.ThrowAsync<CloudException>(() =>
            Stores.DenyAsync(spec with { Owner = "another" }, Recorded, None))).Problem.Code.ShouldBe("NotOurs");
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
    }

    [Fact]
    public async Task A_role_that_was_taken_has_its_time_to_settle()
    {
        stand.Server.Admin.ClearFaults();
        var principal = stand.Admin.AddApp(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant, "secret");
        using var cloud = stand.NewCloud(change: options => options with { RoleSettling = TimeSpan.FromMinutes(7) });
        var spec = world.NewSpec() with { Workloads = new(null, principal) };
        await cloud.Stores.PrepareAsync(spec, None);
        var before = TimeProvider.System.GetUtcNow();

        await cloud.Stores.DenyAsync(spec, Recorded, None);

        var seen = await cloud.Stores.LookAtDenialAsync(spec, None);
        seen.IsDenied.ShouldBeTrue();
        seen.SettlesAt!.Value.ShouldBeInRange(before.AddMinutes(7).AddSeconds(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(7));
        (await cloud.Stores.DescribeAsync(spec, None)).SettlesAt.ShouldBe(seen.SettlesAt);
        await cloud.Stores.DenyAsync(spec, Recorded, None);
        (await cloud.Stores.LookAtDenialAsync(spec, None)).ShouldBe(seen, "asked again, it does not begin anew");
    }

    private static string Account(StoreSpec spec) => spec.Store.Name.Split('/')[0];

    private void Fault(string operation, FaultEffect effect) =>
        stand.Server.Admin.AddFault(new FaultRule(effect) { Service = "arm", Operation = operation });

    private async Task<StoreSpec> PreparedAsync(IObjectStores? stores = null)
    {
        stand.Server.Admin.ClearFaults();
        var spec = world.NewSpec();
        await (stores ?? Stores).PrepareAsync(spec, None);
        return spec;
    }
}
