using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Stores;

/// <summary>An account goes from one key to another: its root key is wrapped anew, and no blob moves.</summary>
public sealed class AccountKeyChangeTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AzureStores world = new(stand, stand.Cloud);

    private IObjectStores Stores => stand.Cloud.Stores;

    [Fact]
    public async Task An_account_goes_under_a_key_of_another_vault_and_the_old_one_may_go()
    {
        var (old, next) = await ChangingAsync();

        await Stores.PrepareAsync(next, None);

        var seen = await Stores.DescribeAsync(next, None);
        (seen.ObservedKeyId, seen.Drift.Count).ShouldBe((next.Key.Id, 0));
        seen.CurrentKeyVersion.ShouldNotBeNull().ShouldStartWith(next.Key.Id + "/");
        stand.Admin.SetKeyEnabled(VaultOf(old), "acme", enabled: false);
        (await world.PutBlobAsync(next.Store, "b")).ShouldBe(201);
    }

    [Fact]
    public async Task Until_it_is_done_the_account_names_the_old_key()
    {
        var (old, next) = await ChangingAsync();
        var seen = await Stores.DescribeAsync(next, None);
        seen.Drift.ShouldBe(["Encryption"]);
        seen.CurrentKeyVersion.ShouldNotBeNull().ShouldStartWith(old.Key.Id + "/");
    }

    [Fact]
    public async Task An_account_goes_under_a_key_of_a_vault_in_our_own_directory_and_back()
    {
        var (old, _) = await ChangingAsync();
        var vault = stand.Name("vault");
        stand.Admin.CreateVault(vault, subscription: LocalCloudAzure.PlatformSubscription);
        stand.Admin.CreateKey(vault, "acme");
        stand.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Service Encryption User",
            stand.Admin.VaultId(vault));
        var own = old with
        {
            Key = new KeyRef(KeyRef.AnyRegion, $"{LocalCloudAzure.Vault(vault)}keys/acme") { Cloud = CloudKind.Azure },
        };
        foreach (var spec in (StoreSpec[])[own, old])
        {
            await Stores.PrepareAsync(spec, None);
            var seen = await Stores.DescribeAsync(spec, None);
            seen.Drift.ShouldBeEmpty();
            seen.CurrentKeyVersion.ShouldNotBeNull().ShouldStartWith(spec.Key.Id + "/");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_either_key_refuses_the_account_stays_as_it_is(bool isOld)
    {
        var (old, next) = await ChangingAsync();
        var refusing = isOld ? old : next;
        stand.Admin.SetKeyEnabled(VaultOf(refusing), "acme", enabled: false);

        (await Should.ThrowAsync<CloudException>(() => Stores.PrepareAsync(next, None))).Problem
            .ShouldNotBeOfType<CloudProblem.Unreachable>();

        stand.Admin.SetKeyEnabled(VaultOf(refusing), "acme", enabled: true);
        (await Stores.DescribeAsync(old, None)).Drift.ShouldBeEmpty();
        (await world.PutBlobAsync(old.Store, "b")).ShouldBe(201);
    }

    [Fact]
    public async Task No_blob_is_put_under_a_key_of_its_own()
    {
        var (old, next) = await ChangingAsync();
        (await stand.Cloud.ObjectEncryption.TryUpdateAsync(old.Store, old.Key, next.Key, None))
            .ShouldBeOfType<UpdateSupport.Refused>().Code.ShouldBe("AccountWide");
        var version = new ObjectVersion("a", null, "e", 1, DateTimeOffset.UnixEpoch, IsDeleteMarker: false,
            IsLatest: true, StorageClass: null);
        (await Should.ThrowAsync<CloudException>(() =>
            stand.Cloud.ObjectEncryption.UpdateAsync(old.Store, version, next.Key, bucketKey: false,
                None))).Problem.Code.ShouldBe("AccountWide");
        (await Should.ThrowAsync<CloudException>(() =>
            stand.Cloud.Objects.CopyAsync(new CopyOrder(old.Store, version, old.Store, "a", old.Key, BucketKey: false),
                None)))
            .Problem.Code.ShouldBe("CopyOntoItself");
        (await stand.Cloud.ObjectEncryption.ListUploadsAsync(old.Store, "", None).CountAsync()).ShouldBe(0);
    }

    /// <summary>A store with a blob under one tenant's key, and the spec that names another.</summary>
    private async Task<(StoreSpec Old, StoreSpec Next)> ChangingAsync()
    {
        var old = world.NewSpec();
        await Stores.PrepareAsync(old, None);
        (await world.PutBlobAsync(old.Store, "a")).ShouldBe(201);
        return (old, old with { Key = world.NewSpec().Key });
    }

    private static string VaultOf(StoreSpec spec) => new Uri(spec.Key.Id).Host.Split('.')[0];
}
