using System.Security.Cryptography;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>One key of a tenant's in a vault, material after material: a version each.</summary>
public sealed class VaultNewMaterialTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string Name = "acme";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly MaterialExpiry never = new MaterialExpiry.Never();
    private static readonly RSA first = RSA.Create(2048);
    private static readonly RSA second = RSA.Create(2048);
    private static readonly RSA third = RSA.Create(2048);

    [Fact]
    public async Task New_material_is_another_version_of_the_same_key_and_current_also_in_one_second()
    {
        var (place, vault) = await BegunAsync();

        var made = Id(await NewAsync(place, second));

        made.ShouldBe(stand.Admin.LatestVersion(vault, Name));
        (await FindAsync(place)).MaterialId.ShouldBe(made);
        var last = Id(await NewAsync(place, third));
        var held = await HeldAsync(place);
        held.Select(one => (one.Use, one.IsImported, one.IsSpare, one.RotatedAt is null)).ShouldBe([
            (MaterialUse.Earlier, true, true, true), (MaterialUse.Earlier, true, true, false),
            (MaterialUse.Current, true, false, false)]);
        (held[1].Id, held[2].Id).ShouldBe((made, last));
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([true, true, true]);
    }

    [Fact]
    public async Task A_new_import_that_was_interrupted_is_found_and_an_earlier_material_is_none()
    {
        var (place, vault) = await BegunAsync();
        stand.Server.Admin.AddFault(new FaultRule(new FaultEffect.LoseAnswer())
        {
            Service = "keyvault", Operation = "ImportKey", Account = vault, Count = 1,
        });
        await Should.ThrowAsync<CloudException>(() => NewAsync(place, second));

        Id(await NewAsync(place, second)).ShouldBe(stand.Admin.LatestVersion(vault, Name));
        (await NewAsync(place, first)).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        stand.Admin.SwitchesOf(vault, Name).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_withdrawal_takes_every_version_and_the_newest_alone_brings_all_of_them_back()
    {
        var (place, vault) = await BegunAsync();
        await NewAsync(place, second);
        var key = (await FindAsync(place)).Key;

        await Keys.DeleteMaterialAsync(place, key, None);

        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false, false]);
        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.PendingImport);
        (await HeldAsync(place)).ShouldAllBe(one => !one.IsImported);
        (await NewAsync(place, third)).ShouldBeOfType<ImportOutcome.KeyDisabled>("a new version would be on");
        (await ImportAsync(place, first)).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        (await ImportAsync(place, third)).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false, false]);

        (await ImportAsync(place, second)).ShouldBeOfType<ImportOutcome.Imported>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([true, true], "and no version was put");
    }

    [Fact]
    public async Task An_earlier_version_that_its_administrator_switched_off_stays_off_through_a_revocation()
    {
        var (place, vault) = await BegunAsync();
        var old = stand.Admin.LatestVersion(vault, Name);
        await NewAsync(place, second);
        stand.Admin.SetKeyEnabled(vault, Name, false, old);

        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Enabled, "the newest is what it goes by");
        await Keys.DeleteMaterialAsync(place, (await FindAsync(place)).Key, None);
        await ImportAsync(place, second);

        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false, true]);
    }

    [Fact]
    public async Task What_an_administrator_switched_off_no_new_material_goes_around()
    {
        var (place, vault) = await BegunAsync();
        await NewAsync(place, second);
        stand.Admin.SetKeyEnabled(vault, Name, false, stand.Admin.LatestVersion(vault, Name));

        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Disabled);
        (await NewAsync(place, third)).ShouldBeOfType<ImportOutcome.KeyDisabled>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([true, false]);
    }

    [Fact]
    public async Task One_version_that_can_t_be_switched_off_keeps_no_other_on()
    {
        var (place, vault) = await BegunAsync();
        await NewAsync(place, second);
        var key = (await FindAsync(place)).Key;
        stand.Server.Admin.AddFault(new FaultRule(new FaultEffect.Answer(409, "Conflict", "the key is busy"))
        {
            Service = "keyvault", Operation = "UpdateKey", Account = vault, Count = 1,
        });

        await Should.ThrowAsync<CloudException>(() => Keys.DeleteMaterialAsync(place, key, None));
        stand.Admin.SwitchesOf(vault, Name).Count(on => on).ShouldBe(1);
        await Keys.DeleteMaterialAsync(place, key, None);
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false, false]);
    }

    [Fact]
    public async Task An_end_that_was_stated_is_the_newest_material_s_alone()
    {
        var (place, _) = await BegunAsync();
        var end = new MaterialExpiry.At(
            DateTimeOffset.FromUnixTimeSeconds(stand.Admin.Now.AddDays(30).ToUnixTimeSeconds()));

        await Keys.ImportNewAsync(place, RefOf(place), second.ExportPkcs8PrivateKey(), end, None);

        (await HeldAsync(place)).Select(one => one.Expiry).ShouldBe([never, end]);
        (await ImportAsync(place, second)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("ExpiryStays");
    }

    [Fact]
    public async Task Of_a_key_that_is_a_stranger_s_or_deleted_or_not_there_nothing_is_made()
    {
        var (place, vault) = await BegunAsync();
        var stranger = place with { Owner = place.Owner with { Uid = Guid.NewGuid().ToString() } };
        (await NewAsync(stranger, second)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("KeyNameTaken");
        (await NewAsync(place with { KeyId = place.KeyId + "-2" }, second)).ShouldBeOfType<ImportOutcome.KeyMissing>();
        stand.Admin.SwitchesOf(vault, Name).Count.ShouldBe(1);

        await Keys.ScheduleDeletionAsync(place, RefOf(place), TimeSpan.FromDays(30), None);
        (await NewAsync(place, second)).ShouldBeOfType<ImportOutcome.KeyPendingDeletion>();
    }

    [Fact]
    public async Task A_key_takes_so_many_materials_and_no_more()
    {
        var (place, vault) = await BegunAsync();
        for (var count = 0; count < IImportedKeys.MostRotations; count++)
        {
            using var next = RSA.Create(2048);
            (await NewAsync(place, next)).ShouldBeOfType<ImportOutcome.Imported>();
        }

        (await NewAsync(place, second)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("NoRotationLeft");
        (await HeldAsync(place)).Count.ShouldBe(IImportedKeys.MostRotations + 1);
        await Keys.DeleteMaterialAsync(place, RefOf(place), None);
        stand.Admin.SwitchesOf(vault, Name).ShouldAllBe(on => !on);
    }

    private IImportedKeys Keys => stand.Cloud.ImportedKeys;

    /// <summary>With its first material.</summary>
    private async Task<(ImportPlace Place, string Vault)> BegunAsync()
    {
        var vault = stand.Name("platform");
        stand.Admin.CreateVault(vault, subscription: LocalCloudAzure.PlatformSubscription);
        stand.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer", stand.Admin.VaultId(vault));
        var place = new ImportPlace(new ImportedKeyOwner(Guid.NewGuid().ToString(), "acme", "acme-2026"),
            KeyRef.AnyRegion)
        {
            Cloud = CloudKind.Azure,
            KeyId = $"https://{vault}.vault.azure.net/keys/{Name}",
        };
        (await ImportAsync(place, first)).ShouldBeOfType<ImportOutcome.Imported>();
        return (place, vault);
    }

    private static KeyRef RefOf(ImportPlace place) => new(place.Region, place.KeyId!) { Cloud = CloudKind.Azure };

    private static string Id(ImportOutcome outcome) =>
        outcome.ShouldBeOfType<ImportOutcome.Imported>().MaterialId.ShouldNotBeNull();

    private async Task<ImportedKey> FindAsync(ImportPlace place) =>
        (await Keys.FindAsync(place, None)).ShouldNotBeNull();

    private Task<IReadOnlyList<HeldMaterial>> HeldAsync(ImportPlace place) =>
        Keys.MaterialsAsync(place, RefOf(place), None);

    private Task<ImportOutcome> ImportAsync(ImportPlace place, RSA rsa) =>
        Keys.ImportAsync(place, RefOf(place), rsa.ExportPkcs8PrivateKey(), never, null, None);

    private Task<ImportOutcome> NewAsync(ImportPlace place, RSA rsa) =>
        Keys.ImportNewAsync(place, RefOf(place), rsa.ExportPkcs8PrivateKey(), never, None);
}
