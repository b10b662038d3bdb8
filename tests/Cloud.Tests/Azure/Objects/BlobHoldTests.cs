using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Cloud.Azure;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Cloud.Tests.Azure.Stores;
using Cloud.Tests.Contract;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Objects;

/// <summary>Copies that go back to a shared place, which others may write to: each is held at once, and what is not
/// held is nobody's to touch.</summary>
public sealed class BlobHoldTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string Taken = HeldPlace.TakenCode;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KeyRef microsofts =
        new(KeyRef.AnyRegion, KeyRef.AccountManaged) { Cloud = CloudKind.Azure };

    private readonly BlobWorld world = new(stand);
    private readonly AzureStores wire = new(stand, stand.Cloud);

    public static TheoryData<string, bool> Forms => new()
    {
        { "BlockBlob", false },
        { "BlockBlob", true },
        { "AppendBlob", false },
        { "PageBlob", false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_copy_is_held_at_once_and_we_alone_write_over_it_and_delete_it(string form, bool byBlocks)
    {
        using var cloud = Cloud(byBlocks);
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        foreach (var seed in (int[])[3, 4])
        {
            stand.Admin.PutSparse(AccountOf(store.Store), "data", "acme/a", 1 << 20, seed, form);
            var made = await cloud.Objects.CopyAsync(await OrderAsync(store.Store, place), None);
            (made.KeyId, (await world.HeadAsync(place, "acme/a")).ETag).ShouldBe((KeyRef.AccountManaged, made.ETag));
            (await cloud.Objects.HashAsync(place, "acme/a", null, None))
                .ShouldBe(await cloud.Objects.HashAsync(store.Store, "acme/a", null, None));
            (await wire.PutBlobAsync(place, "acme/a")).ShouldBe(412, "somebody else");
            (await wire.DeleteBlobAsync(place, "acme/a")).ShouldBe(412, "somebody else");
            (await cloud.Objects.IsHeldAsync(place, "acme/a", None)).ShouldBeTrue();
        }

        await cloud.Objects.DeleteVersionsAsync(place, [.. await world.ListAsync(place, "")], None);
        (await world.ListAsync(place, "")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_somebody_wrote_there_is_neither_written_over_nor_deleted(string form, bool byBlocks)
    {
        using var cloud = Cloud(byBlocks);
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        stand.Admin.PutSparse(AccountOf(store.Store), "data", "acme/a", 1 << 20, seed: 3, form);
        stand.Admin.PutSparse(AccountOf(place), "data", "acme/a", 1 << 20, seed: 4, form);
        var before = await world.HeadAsync(place, "acme/a");
        var order = await OrderAsync(store.Store, place);
        var listed = await world.ListAsync(place, "");
        await RefusedAsync(() => cloud.Objects.CopyAsync(order, None));
        await RefusedAsync(() => cloud.Objects.DeleteVersionsAsync(place, [.. listed], None));
        await RefusedAsync(() => cloud.Objects.MarkDeletedAsync(place, "acme/a", None));
        (await world.HeadAsync(place, "acme/a")).ETag.ShouldBe(before.ETag);
        (await wire.LeaseAsync(place, "acme/a")).ShouldBe(201);
        await RefusedAsync(() => cloud.Objects.CopyAsync(order, None));
        await RefusedAsync(() => cloud.Objects.DeleteVersionsAsync(place, [.. listed], None));
        (await cloud.Objects.IsHeldAsync(place, "acme/a", None)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_earlier_worker_made_and_did_not_come_to_hold_is_taken_where_it_is_what_would_be_written()
    {
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        await world.PutAsync(store.Store, "acme/a", "content", [("x-ms-meta-colour", "red")]);
        await world.PutAsync(place, "acme/a", "content", [("x-ms-meta-colour", "blue")]);
        var order = await OrderAsync(store.Store, place);
        await RefusedAsync(() => world.Objects.CopyAsync(order, None));
        await world.PutAsync(place, "acme/a", "content", [("x-ms-meta-colour", "red")]);
        await world.Objects.CopyAsync(order, None);
        (await world.Objects.IsHeldAsync(place, "acme/a", None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_writes_between_the_copy_and_its_hold_is_not_held_and_not_lost()
    {
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        await world.PutAsync(store.Store, "acme/a", "ours");
        var turnstile = new Turnstile();
        stand.Server.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile))
            {
                Service = "blob",
                Operation = "LeaseBlob",
                Account = AccountOf(place),
                Count = 1,
            });
        var copying = world.Objects.CopyAsync(await OrderAsync(store.Store, place), None);
        while (turnstile.Arrived == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await wire.PutBlobAsync(place, "acme/a", "theirs")).ShouldBe(201);
        turnstile.Open();
        await RefusedAsync(() => copying);
        (await world.Objects.HashAsync(place, "acme/a", null, None))
            .ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes("theirs")));
        (await wire.PutBlobAsync(place, "acme/a", "theirs again")).ShouldBe(201);
    }

    [Fact]
    public async Task A_store_s_snapshots_and_versions_come_back_in_order_and_the_newest_is_held()
    {
        var (store, place) = (await world.StoreAsync(versioned: true), await PlaceAsync(versioned: true));
        foreach (var content in (string[])["1", "2", "3"])
        {
            await world.PutAsync(store.Store, "acme/a", content);
        }

        foreach (var version in Enumerable.Reverse(await world.ListAsync(store.Store, "")))
        {
            await world.Objects.CopyAsync(
                new CopyOrder(store.Store, version, place, version.Key, microsofts, BucketKey: false), None);
        }

        (await wire.PutBlobAsync(place, "acme/a")).ShouldBe(412);
        (await world.ListAsync(place, "")).Count.ShouldBe(3);
        await world.Objects.MarkDeletedAsync(place, "acme/a", None);
        (await world.ListAsync(place, ""))[0].IsDeleteMarker.ShouldBeTrue();
        (await wire.PutBlobAsync(place, "acme/a")).ShouldBe(201, "the hold went with what it held");
        await RefusedAsync(() => world.Objects.MarkDeletedAsync(place, "acme/a", None));
    }

    [Fact]
    public async Task The_holds_go_when_the_place_s_fence_is_lifted()
    {
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        var shared = new SharedRef(place, "acme/");
        await stand.Cloud.Stores.RaiseFenceAsync(shared, "owner", None);
        await world.PutAsync(store.Store, "acme/a", "ours");
        await world.Objects.CopyAsync(await OrderAsync(store.Store, place), None);
        await stand.Cloud.Stores.LiftFenceAsync(shared, "owner", None);
        (await wire.PutBlobAsync(place, "acme/a")).ShouldBe(201);
    }

    [Fact]
    public async Task Nothing_goes_under_a_key_or_a_scope_that_was_not_ordered()
    {
        var (store, place) = (await world.StoreAsync(), await PlaceAsync());
        await world.PutAsync(store.Store, "acme/a", "ours");
        var order = await OrderAsync(store.Store, place);
        foreach (var wrong
            in new[]
            {
                order with { Target = HeldPlace.Of((await world.StoreAsync()).Store) },
                order with { Key = store.Key },
            })
        {
            var failure = await Should.ThrowAsync<CloudException>(() => world.Objects.CopyAsync(wrong, None));
            failure.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe("AccountUnderAnotherKey");
        }

        var account = await world.StoreAsync();
        // a key of the platform's own
        await world.Objects.CopyAsync(order with { Target = HeldPlace.Of(account.Store), Key = account.Key }, None);
        var (other, scoped) = (await PlaceAsync(), await PlaceAsync());
        stand.Admin.ScopeContainer(AccountOf(scoped), "data", "theirs");
        (await Should.ThrowAsync<CloudException>(() =>
            world.Objects.CopyAsync(order with { Target = scoped }, None))).Problem.Message
                .ShouldContain("the encryption scope theirs");
        await world.Objects.CopyAsync(order with { Target = other }, None);
        stand.Admin.ScopeContainer(AccountOf(other), "data", "theirs");
        var late = await world.Objects.CopyAsync(order with { Target = other }, None);
        late.KeyId.ShouldBe("the encryption scope theirs", "what was asked for a moment ago is no proof of this copy");
        var facts = await world.HeadAsync(other, "acme/a");
        (facts.KeyId, facts.Encryption).ShouldBe((null, null));
    }

    [Fact]
    public async Task A_place_says_what_it_encrypts_by()
    {
        var place = await PlaceAsync();
        (await stand.Cloud.Stores.SharedDefaultAsync(place, None))
            .ShouldBe(new SharedDefault(KeyRef.AccountManaged, null, BucketKey: false));
        (await world.HeadAsync((await FilledAsync(place)), "acme/a")).Encryption.ShouldBe(KeyRef.AccountManaged);
        var store = await world.StoreAsync();
        (await stand.Cloud.Stores.SharedDefaultAsync(store.Store, None))
            .ShouldBe(new SharedDefault("Microsoft.Keyvault", store.Key.Id, BucketKey: false));
        stand.Admin.ScopeContainer(AccountOf(place), "data", "theirs");
        (await stand.Cloud.Stores.SharedDefaultAsync(place, None))!.Algorithm.ShouldBe("the encryption scope theirs");
        (await stand.Cloud.Stores.SharedDefaultAsync(AzureStores.Store(stand.Name("absent"), "data"), None))
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("acme/", "acme/a .byok/x", null)]
    [InlineData("acme/", "acme/a acme2/b", "acme2/")]
    [InlineData("acme/", "acme acme/a", "acme")]
    [InlineData("acme/b/", "acme/b/a acme/c/x", "acme/c/")]
    [InlineData("acme/b/", "acme/b/a acme/b/c/d acme/b/ .byok/x", null)]
    [InlineData("acme/b/", "acme/b/a acme/", "acme/")]
    [InlineData("", "a b/c .byok/x", null)]
    public async Task What_lies_beside_a_prefix_is_found_without_listing_it(string prefix, string names, string? beside)
    {
        var place = await PlaceAsync();
        foreach (var name in names.Split(' '))
        {
            await world.PutAsync(place, name, "x");
        }

        (await world.Objects.FindBesideAsync(place, prefix, None)).ShouldBe(beside);
    }

    private static async Task RefusedAsync(Func<Task> act)
    {
        var refused = await Should.ThrowAsync<CloudException>(act);
        refused.Problem.ShouldBeOfType<CloudProblem.Refused>().Code.ShouldBe(Taken);
        ((CloudProblem.Refused)refused.Problem).Fix.ShouldNotBeNull();
    }

    private static string AccountOf(StoreRef store) => store.Name.Split('/')[0];

    private AzureCloud Cloud(bool byBlocks) =>
        stand.NewCloud(change: options => byBlocks ? options with { CopyByBlocksAbove = 1 } : options);

    private async Task<StoreRef> PlaceAsync(bool versioned = false) =>
        HeldPlace.Of((await world.SharedAsync(versioned)).Store);

    private async Task<StoreRef> FilledAsync(StoreRef place)
    {
        await world.PutAsync(place, "acme/a", "x");
        return place;
    }

    private async Task<CopyOrder> OrderAsync(StoreRef store, StoreRef place) =>
        new(store, (await world.ListAsync(store, "acme/")).Single(), place, "acme/a", microsofts, BucketKey: false);
}
