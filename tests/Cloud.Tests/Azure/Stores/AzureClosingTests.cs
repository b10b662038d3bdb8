using Cloud.Stores;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

public sealed class AzureClosingTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task A_closed_store_reads_back_as_denied_stays_so_when_prepared_and_opens()
    {
        var spec = await PreparedAsync();
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        await Stores.PrepareAsync(spec, None);
        (await Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeTrue();

        await Stores.AllowAsync(spec, setAside: null, None);

        var open = await Stores.DescribeAsync(spec, None);
        (open.IsDenied, open.Drift.Count).ShouldBe((false, 0));
    }

    [Fact]
    public async Task Nobody_reads_or_writes_a_closed_store_whatever_role_they_have()
    {
        var spec = await PreparedAsync();
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(403);
        (await world.DeleteBlobAsync(spec.Store, "a")).ShouldBe(403);

        await Stores.AllowAsync(spec, setAside: null, None);

        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
    }

    [Fact]
    public async Task Closing_needs_no_help_of_the_key()
    {
        var spec = await PreparedAsync();
        stand.Admin.SetKeyEnabled(new Uri(spec.Key.Id).Host.Split('.')[0], "acme", enabled: false);

        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);

        (await Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task A_store_whose_key_object_is_gone_is_seen_and_closed_all_the_same()
    {
        var spec = await PreparedAsync();
        var keyless = spec with { Key = spec.Key with { Id = "", Tenancy = null } };
        (await Stores.DescribeAsync(keyless, None)).Ownership.ShouldBe(StoreOwnership.Ours);

        await Stores.DenyAsync(keyless, DenialOrder.ByTag, None);

        (await Stores.DescribeAsync(keyless, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task Shared_keys_and_delegated_signatures_end_with_the_closing()
    {
        var spec = await PreparedAsync();
        await world.ChangeAsync(spec, """{"properties":{"allowSharedKeyAccess":true}}""");
        var before = stand.Server.Admin.Count("arm", "RevokeUserDelegationKeys");

        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);

        ((bool)(await world.AccountAsync(spec))["properties"]!["allowSharedKeyAccess"]!).ShouldBeFalse();
        stand.Server.Admin.Count("arm", "RevokeUserDelegationKeys").ShouldBe(before + 1);
    }

    [Fact]
    public async Task The_network_goes_back_to_what_it_was()
    {
        var spec = await PreparedAsync();
        await world.ChangeAsync(spec,
            """{"properties":{"networkAcls":{"defaultAction":"Deny","bypass":"AzureServices","ipRules":[{"value":"127.0.0.1","action":"Allow"}]}}}""");

        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        var shut = (await world.AccountAsync(spec))["properties"]!;
        ((string?)shut["publicNetworkAccess"], (string?)shut["networkAcls"]!["bypass"]).ShouldBe(("Disabled", "None"));
        await Stores.AllowAsync(spec, setAside: null, None);

        var account = await world.AccountAsync(spec);
        var rules = account["properties"]!["networkAcls"]!;
        ((string?)account["properties"]!["publicNetworkAccess"]).ShouldBe("Enabled");
        ((string?)rules["defaultAction"], (string?)rules["bypass"]).ShouldBe(("Deny", "AzureServices"));
        rules["ipRules"]!.AsArray().Count.ShouldBe(1);
        account["tags"]!.AsObject().Select(tag => tag.Key).ShouldBe(["byok-owner"]);
    }

    [Fact]
    public async Task A_store_that_is_not_closed_is_not_touched_by_opening()
    {
        var spec = await PreparedAsync();
        await world.ChangeAsync(spec, """{"properties":{"publicNetworkAccess":"Disabled"}}""");

        await Stores.AllowAsync(spec, setAside: null, None);

        ((string?)(await world.AccountAsync(spec))["properties"]!["publicNetworkAccess"]).ShouldBe("Disabled");
    }

    [Fact]
    public async Task A_closing_that_broke_off_is_none_and_is_finished_before_anything_opens()
    {
        var spec = await PreparedAsync();
        await world.ChangeAsync(spec,
            """{"tags":{"byok-owner":"OWNER","byok-closed":"Enabled|Allow|None|begun"},"properties":{"publicNetworkAccess":"Disabled","networkAcls":{"defaultAction":"Deny","bypass":"None"}}}""".Replace("OWNER", spec.Owner, StringComparison.Ordinal));
        var seen = await Stores.DescribeAsync(spec, None);
        seen.IsDenied.ShouldBeFalse();
        seen.Drift.ShouldBe(["InterruptedClosing"]);

        await Stores.PrepareAsync(spec, None);

        (await Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeTrue();
        await Stores.AllowAsync(spec, setAside: null, None);
        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_who_opens_the_network_of_a_closed_store_is_seen()
    {
        var spec = await PreparedAsync();
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        await world.ChangeAsync(spec,
            """{"properties":{"publicNetworkAccess":"Enabled","networkAcls":{"defaultAction":"Allow"}}}""");
        (await Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeFalse();

        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);

        (await Stores.DescribeAsync(spec, None)).IsDenied.ShouldBeTrue();
    }

    [Fact]
    public async Task A_closed_store_is_emptied_and_deleted_though_nobody_gets_in()
    {
        var spec = await PreparedAsync();
        await world.PutBlobAsync(spec.Store, "a");
        (await Stores.DescribeAsync(spec, None)).IsEmpty.ShouldBeNull("an open store is listed");
        (await Stores.EmptyDeniedAsync(spec, None)).ShouldBeFalse();
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);
        (await Stores.DescribeAsync(spec, None)).IsEmpty.ShouldBe(false);

        (await Stores.EmptyDeniedAsync(spec, None)).ShouldBeTrue();

        (await Stores.DescribeAsync(spec, None)).IsEmpty.ShouldBe(true);
        await Stores.DeleteAsync(spec, None);
        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);
    }

    [Fact]
    public async Task A_closed_account_that_is_another_stores_is_never_emptied()
    {
        var spec = await PreparedAsync();
        await Stores.DenyAsync(spec, DenialOrder.ByTag, None);

        var refused = await Should.ThrowAsync<CloudException>(() =>
            Stores.EmptyDeniedAsync(spec with { Owner = "another" }, None));

        refused.Problem.Code.ShouldBe("NotOurs");
        (await Stores.DescribeAsync(spec, None)).IsEmpty.ShouldBe(false);
    }

    private async Task<StoreSpec> PreparedAsync()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        return spec;
    }
}
