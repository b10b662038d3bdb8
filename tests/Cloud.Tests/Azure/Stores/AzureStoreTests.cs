using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

public sealed class AzureStoreTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task A_store_is_absent_then_prepared_without_drift_under_the_tenants_key()
    {
        var spec = world.NewSpec() with { Versioned = true };
        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);

        await Stores.PrepareAsync(spec, None);

        var seen = await Stores.DescribeAsync(spec, None);
        (seen.Ownership, seen.IsDenied, seen.ObservedKeyId).ShouldBe((StoreOwnership.Ours, false, spec.Key.Id));
        seen.Drift.ShouldBeEmpty();
        seen.Observed["versioning"].ShouldBe("Enabled");
        seen.Observed["currentVersionedKeyIdentifier"].ShouldStartWith(spec.Key.Id + "/");
        seen.Observed["lastKeyRotationTimestamp"].ShouldNotBe("none");
        seen.Evidence.ShouldAllBe(call => call.RequestId != null);
    }

    [Fact]
    public async Task What_can_only_be_chosen_at_creation_is()
    {
        var spec = world.NewSpec();

        await Stores.PrepareAsync(spec, None);

        var properties = (await world.AccountAsync(spec))["properties"]!;
        ((bool)properties["encryption"]!["requireInfrastructureEncryption"]!).ShouldBeTrue();
        ((string?)properties["encryption"]!["services"]!["queue"]!["keyType"]).ShouldBe("Account");
        ((string?)properties["encryption"]!["services"]!["table"]!["keyType"]).ShouldBe("Account");
        ((string?)properties["minimumTlsVersion"]).ShouldBe("TLS1_2");
        ((bool)properties["allowSharedKeyAccess"]!).ShouldBeFalse();
        ((bool)properties["allowBlobPublicAccess"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task A_prepared_store_is_prepared_again_without_a_change()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        var before = Writes();

        await Stores.PrepareAsync(spec, None);

        Writes().ShouldBe(before);
    }

    [Fact]
    public async Task What_drifted_is_named_and_mended_and_what_is_not_ours_stays()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        await world.ChangeAsync(spec,
            """{"tags":{"byok-owner":"OWNER","team":"archive"},"properties":{"allowSharedKeyAccess":true,"minimumTlsVersion":"TLS1_0","accessTier":"Cool"}}""".Replace("OWNER", spec.Owner, StringComparison.Ordinal));
        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["SharedKey", "Transport"]);

        await Stores.PrepareAsync(spec, None);

        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
        var account = await world.AccountAsync(spec);
        ((string?)account["tags"]!["team"]).ShouldBe("archive");
        ((string?)account["properties"]!["accessTier"]).ShouldBe("Cool");
    }

    [Fact]
    public async Task
        What_an_earlier_object_left_is_found_by_its_names_closed_as_it_is_and_taken_back_with_others_tags_kept()
    {
        var spec = world.NewSpec();
        spec = spec with { Names = new StoreOwner("acme", "acme", spec.Owner, Origin: null) };
        await Stores.PrepareAsync(spec, None);
        var later = spec with
        {
            Owner = $"{spec.Owner}-2",
            Takes = spec.Owner,
            Names = spec.Names with { Origin = spec.Owner },
        };
        var search = new StoreSearch("", _ => false);
        (await Stores.FindEarlierAsync(later, search, None)).ShouldHaveSingleItem()
            .ShouldBe(new EarlierStore(spec.Store.Name, spec.Store.Region, spec.Owner));
        (await Stores.FindEarlierAsync(later, search with { IsKnown = name => name == spec.Store.Name.Split('/')[0] },
            None)).ShouldBeEmpty();
        (await Stores.OwnershipAsync(later, None)).ShouldBe(StoreOwnership.Earlier);
        (await Stores.OwnershipAsync(later with { Names = later.Names! with { Tenant = "evil" } }, None))
            .ShouldBe(StoreOwnership.Stranger);
        (await Should.ThrowAsync<CloudException>(() => Stores.PrepareAsync(later, None))).Problem.Code
            .ShouldBe("AccountTaken");
        (await Should.ThrowAsync<CloudException>(() => Stores.AllowAsync(later, setAside: null, None))).Problem.Code
            .ShouldBe("NotOurs");
        await world.ChangeAsync(spec, AccountTagsWith(await world.AccountAsync(spec), "team", "archive"));

        await Stores.DenyAsync(later, DenialOrder.ByTag, None);
        await Stores.AdoptAsync(later, None);
        await Stores.AdoptAsync(later, None);

        var taken = await Stores.DescribeAsync(later, None);
        (taken.Ownership, taken.IsDenied).ShouldBe((StoreOwnership.Ours, true));
        (await Stores.OwnershipAsync(spec, None)).ShouldBe(StoreOwnership.Stranger);
        var tags = (await world.AccountAsync(spec))["tags"]!;
        ((string?)tags["team"], (string?)tags["byok-owner"], (string?)tags["byok-origin"],
            (string?)tags["byok-name"]).ShouldBe(("archive", later.Owner, spec.Owner, spec.Owner));
    }

    [Fact]
    public async Task An_account_that_was_put_under_Microsofts_key_goes_back_under_the_tenants()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        await world.ChangeAsync(spec, """{"properties":{"encryption":{"keySource":"Microsoft.Storage"}}}""");
        var seen = await Stores.DescribeAsync(spec, None);
        seen.ObservedKeyId.ShouldBeNull();
        seen.Drift.ShouldBe(["Encryption"]);

        await Stores.PrepareAsync(spec, None);

        (await Stores.DescribeAsync(spec, None)).ObservedKeyId.ShouldBe(spec.Key.Id);
    }

    [Fact]
    public async Task A_held_version_is_part_of_the_key_and_letting_it_go_follows_rotations()
    {
        var spec = world.NewSpec();
        var vault = new Uri(spec.Key.Id).Host.Split('.')[0];
        var held =
            spec with { Key = spec.Key with { Id = $"{spec.Key.Id}/{stand.Admin.LatestVersion(vault, "acme")}" } };
        await Stores.PrepareAsync(held, None);
        (await Stores.DescribeAsync(held, None)).ObservedKeyId.ShouldBe(held.Key.Identity);
        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBe(["Encryption"]);

        await Stores.PrepareAsync(spec, None);

        (await Stores.DescribeAsync(spec, None)).ObservedKeyId.ShouldBe(spec.Key.Id);
    }

    [Fact]
    public async Task An_account_without_a_tag_is_unmarked_and_is_left_alone()
    {
        var spec = world.NewSpec();
        stand.Admin.CreateAccount(spec.Store.Name.Split('/')[0]);
        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Unmarked);
        (await Code(() => Stores.PrepareAsync(spec, None))).ShouldBe("AccountTaken");
        (await Code(() => Stores.DenyAsync(spec, DenialOrder.ByTag, None))).ShouldBe("NotOurs");
        (await Code(() => Stores.AllowAsync(spec, setAside: null, None))).ShouldBe("NotOurs");
        (await Code(() => Stores.DeleteAsync(spec, None))).ShouldBe("NotOurs");
    }

    [Fact]
    public async Task An_operation_that_takes_its_time_blocks_nobody_and_is_followed_on()
    {
        var spec = world.NewSpec();
        stand.Admin.OperationTime = TimeSpan.FromSeconds(3);
        try
        {
            (await Code(() => Stores.PrepareAsync(spec, None))).ShouldBe("AccountBeingMade");
        }
        finally
        {
            stand.Admin.OperationTime = TimeSpan.Zero;
        }

        (await Stores.DescribeAsync(spec, None)).Drift.ShouldContain("Provisioning");
        using var afterACrash = stand.NewCloud();
        (await Code(() => afterACrash.Stores.PrepareAsync(spec, None))).ShouldBe("AccountBeingMade");
        while (!await IsPreparedAsync(spec))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_status_document_is_followed_as_well()
    {
        var spec = world.NewSpec();
        stand.Admin.UseStatusDocuments = true;
        try
        {
            await Stores.PrepareAsync(spec, None);
        }
        finally
        {
            stand.Admin.UseStatusDocuments = false;
        }

        (await Stores.DescribeAsync(spec, None)).Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_sealed_to_a_store_is_read_back_and_keeps_other_metadata()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        (await Stores.ReadPinAsync(spec.Store, None)).ShouldBeNull();

        (await Stores.WritePinAsync(spec, """{"keyId":"ключ"}""", None)).ShouldBeTrue();

        (await Stores.ReadPinAsync(spec.Store, None)).ShouldBe("""{"keyId":"ключ"}""");
        (await Stores.DescribeAsync(spec, None)).Pin.ShouldBe("""{"keyId":"ключ"}""");
    }

    [Fact]
    public async Task Only_an_emptied_store_is_deleted_and_then_it_is_gone()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        (await world.PutBlobAsync(spec.Store, "a")).ShouldBe(201);
        (await Code(() => Stores.DeleteAsync(spec, None))).ShouldBe("StoreNotEmpty");
        (await world.DeleteBlobAsync(spec.Store, "a")).ShouldBe(202);

        await Stores.DeleteAsync(spec, None);
        await Stores.DeleteAsync(spec, None);

        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);
    }

    [Fact]
    public async Task A_container_that_somebody_else_made_in_the_account_keeps_it_from_deletion()
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        stand.Admin.CreateContainer(spec.Store.Name.Split('/')[0], "other");
        (await Code(() => Stores.DeleteAsync(spec, None))).ShouldBe("StoreNotEmpty");
    }

    [Theory]
    [InlineData("fileServices/default/shares/payroll", "the file share payroll")]
    [InlineData("queueServices/default/queues/payroll", "the queue payroll")]
    [InlineData("tableServices/default/tables/payroll", "the table payroll")]
    public async Task What_somebody_keeps_in_the_account_beside_blobs_keeps_it_from_deletion(string what, string told)
    {
        var spec = world.NewSpec();
        await Stores.PrepareAsync(spec, None);
        await world.MakeBesideAsync(spec, what);

        var refused = await Should.ThrowAsync<CloudException>(() => Stores.DeleteAsync(spec, None));
        refused.Problem.Code.ShouldBe("StoreNotEmpty");
        refused.Problem.Message.ShouldStartWith(told);
        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Ours);

        await world.TakeBesideAsync(spec, what);
        await Stores.DeleteAsync(spec, None);
        (await Stores.DescribeAsync(spec, None)).Ownership.ShouldBe(StoreOwnership.Absent);
    }

    private long Writes() =>
        ((string[])["PutStorageAccount", "PatchStorageAccount", "PutBlobService", "PutContainer"])
            .Sum(operation => stand.Server.Admin.Count("arm", operation));

    private async Task<bool> IsPreparedAsync(StoreSpec spec)
    {
        try
        {
            await Stores.PrepareAsync(spec, None);
            return true;
        }
        catch (CloudException pending) when (pending.Problem.Code == "AccountBeingMade")
        {
            return false;
        }
    }

    private static async Task<string> Code(Func<Task> act) =>
        (await Should.ThrowAsync<CloudException>(act)).Problem.Code;

    private static string AccountTagsWith(System.Text.Json.Nodes.JsonNode account, string name, string value)
    {
        var tags = account["tags"]!.DeepClone().AsObject();
        tags[name] = value;
        return new System.Text.Json.Nodes.JsonObject { ["tags"] = tags }.ToJsonString();
    }
}
