using System.Security.Cryptography;
using Cloud.Keys;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Azure.Keys;

/// <summary>Tenants' RSA keys in a vault of the platform's, over HTTP as the operator's own identity.</summary>
public sealed class VaultImportTests(AzureStand stand) : IClassFixture<AzureStand>
{
    private const string Name = "acme";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, string> Context = new() { ["byok.dev/key"] = "acme" };

    [Fact]
    public async Task Where_nothing_stands_a_key_waits_for_its_material()
    {
        var place = NewPlace(out _);

        var found = await FindAsync(place);

        (found.State, found.Stands, found.Expiry,
            found.MaterialId).ShouldBe((ImportedKeyState.PendingImport, false, null, null));
        found.Key.ShouldBe(new KeyRef(KeyRef.AnyRegion, place.KeyId!) { Cloud = CloudKind.Azure, IsOurs = true });
        (await Keys.ScanAsync(place, None)).ShouldBeEmpty();
        await Keys.DeleteMaterialAsync(place, found.Key, None);
        await Keys.ScheduleDeletionAsync(place, found.Key, TimeSpan.FromDays(30), None);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public async Task An_imported_key_is_the_tenants_and_is_used_like_any_other(int bits)
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(bits);

        var imported = (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Imported>();

        stand.Admin.ModulusOf(vault, Name).ShouldBe(rsa.ExportParameters(false).Modulus);
        var found = await FindAsync(place);
        (found.State, found.Stands, found.MaterialId,
            found.Expiry).ShouldBe((ImportedKeyState.Enabled, true, imported.MaterialId, new MaterialExpiry.Never()));
        var proof = await ProveAsync(found.Key);
        (proof.Verdict, proof.Version).ShouldBe((KeyVerdict.Usable, imported.MaterialId), proof.Message);
        proof.ExcessActions.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_material_is_put_once_however_often_it_is_handed_over()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);

        var first = await ImportAsync(place, rsa);

        (await ImportAsync(place, rsa)).ShouldBe(first);
        stand.Admin.SwitchesOf(vault, Name).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_of_an_earlier_object_of_the_same_names_is_told_from_a_strangers()
    {
        var place = NewPlace(out _);
        place = place with { Owner = place.Owner with { Tenant = "acme" } };
        using var rsa = RSA.Create(2048);
        await ImportAsync(place, rsa);
        var later = place with { Owner = place.Owner with { Uid = "later" } };

        var found = (await Keys.FindEarlierAsync(later, None)).ShouldHaveSingleItem();

        (found.Uid, found.Key.State).ShouldBe((place.Owner.Uid, ImportedKeyState.Foreign));
        (await FindAsync(later)).Earlier.ShouldBe(place.Owner.Uid);
        (await FindAsync(later with { Owner = later.Owner with { Tenant = "evil" } })).Earlier.ShouldBeNull();
        (await FindAsync(later with { Owner = later.Owner with { Name = "other" } })).Earlier.ShouldBeNull();
        (await Keys.FindEarlierAsync(place, None)).ShouldBeEmpty("it is its own");
    }

    [Fact]
    public async Task Withdrawn_material_revokes_the_key_and_the_same_material_is_the_same_key()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        var first = await ImportAsync(place, rsa);
        var key = (await FindAsync(place)).Key;
        var canary = (await ProveAsync(key)).Canary;

        await Keys.DeleteMaterialAsync(place, key, None);
        await Keys.DeleteMaterialAsync(place, key, None);

        var withdrawn = await FindAsync(place);
        (withdrawn.State, withdrawn.Stands, withdrawn.Expiry).ShouldBe((ImportedKeyState.PendingImport, true, null));
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false]);
        (await ProveAsync(key, canary)).Reason.ShouldBe("KeyDisabled");

        using var other = RSA.Create(2048);
        (await ImportAsync(place, other)).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false]);

        (await ImportAsync(place, rsa)).ShouldBe(first);
        (await ProveAsync(key, canary)).Verdict.ShouldBe(KeyVerdict.Usable);
        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Enabled);
    }

    [Fact]
    public async Task What_an_administrator_switched_off_no_import_switches_on()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        await ImportAsync(place, rsa);

        stand.Admin.SetKeyEnabled(vault, Name, false);

        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Disabled);
        (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.KeyDisabled>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false]);
    }

    [Fact]
    public async Task A_key_of_somebody_elses_is_neither_used_nor_touched()
    {
        var place = NewPlace(out var vault);
        stand.Admin.CreateKey(vault, Name);
        using var rsa = RSA.Create(2048);
        var key = new KeyRef(KeyRef.AnyRegion, place.KeyId!) { Cloud = CloudKind.Azure };

        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Foreign);
        (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("KeyNameTaken");
        (await Refusal(() => Keys.DeleteMaterialAsync(place, key, None))).ShouldBeOfType<CloudProblem.Conflict>().Code
            .ShouldBe("NotOurs");
        (await Refusal(() => Keys.ScheduleDeletionAsync(place, key, TimeSpan.FromDays(30), None)))
            .ShouldBeOfType<CloudProblem.Conflict>();
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([true]);

        stand.Admin.DeleteKey(vault, Name);
        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.Foreign, "what was deleted holds its name");
        (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("KeyNameTaken");
    }

    [Fact]
    public async Task Two_owners_never_share_a_key()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        await ImportAsync(place, rsa);
        var other = place with { Owner = place.Owner with { Uid = Guid.NewGuid().ToString() } };

        (await FindAsync(other)).State.ShouldBe(ImportedKeyState.Foreign);
        (await ImportAsync(other, rsa)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("KeyNameTaken");
        stand.Admin.SwitchesOf(vault, Name).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_key_is_recovered_by_its_own_material_and_by_no_other()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        await ImportAsync(place, rsa);
        var key = (await FindAsync(place)).Key;
        var canary = (await ProveAsync(key)).Canary;

        await Keys.DeleteMaterialAsync(place, key, None);
        await Keys.ScheduleDeletionAsync(place, key, TimeSpan.FromDays(30), None);
        var deleted = await FindAsync(place);
        (deleted.State, deleted.IsRecoverable).ShouldBe((ImportedKeyState.PendingDeletion, true));

        using var other = RSA.Create(2048);
        (await ImportAsync(place, other)).ShouldBeOfType<ImportOutcome.IncorrectMaterial>();
        (await FindAsync(place)).State.ShouldBe(ImportedKeyState.PendingDeletion);

        (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Imported>();
        (await ProveAsync(key, canary)).Verdict.ShouldBe(KeyVerdict.Usable);
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([true]);
    }

    [Fact]
    public async Task An_expiry_is_what_was_stated_can_be_moved_and_ends_the_use()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        var end = DateTimeOffset.FromUnixTimeSeconds(stand.Admin.Now.AddDays(30).ToUnixTimeSeconds());

        await ImportAsync(place, rsa, new MaterialExpiry.At(end));
        (await FindAsync(place)).Expiry.ShouldBe(new MaterialExpiry.At(end));
        await ImportAsync(place, rsa, new MaterialExpiry.At(end.AddDays(1)));
        (await FindAsync(place)).Expiry.ShouldBe(new MaterialExpiry.At(end.AddDays(1)));
        (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("ExpiryStays");

        // the server's clock may be ahead of ours
        stand.Admin.SetKeyExpiry(vault, Name, stand.Admin.Now.AddMinutes(-1));
        var expired = await FindAsync(place);
        (expired.State, expired.Expiry is null).ShouldBe((ImportedKeyState.PendingImport, false),
            "a vault still unwraps with it, so it is there to be taken away");
    }

    [Fact]
    public async Task A_version_that_somebody_adds_is_not_taken_for_the_tenants()
    {
        var place = NewPlace(out var vault);
        using var rsa = RSA.Create(2048);
        var imported = (await ImportAsync(place, rsa)).ShouldBeOfType<ImportOutcome.Imported>();

        stand.Server.Admin.ClockOffset += TimeSpan.FromSeconds(2); // vaults date versions by the second
        stand.Admin.RotateKey(vault, Name);

        (await FindAsync(place)).MaterialId.ShouldBe(imported.MaterialId);
        await Keys.DeleteMaterialAsync(place, (await FindAsync(place)).Key, None);
        stand.Admin.SwitchesOf(vault, Name).ShouldBe([false, false]);
    }

    [Fact]
    public async Task What_storage_does_not_take_is_refused_before_the_vault_is_asked()
    {
        var place = NewPlace(out _);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var small = RSA.Create(1024);

        foreach (var material
            in new[]
            {
                curve.ExportPkcs8PrivateKey(),
                small.ExportPkcs8PrivateKey(),
                RandomNumberGenerator.GetBytes(32),
            })
        {
            (await Keys.ImportAsync(place, RefOf(place), material, new MaterialExpiry.Never(), null, None))
                .ShouldBeOfType<ImportOutcome.Refused>().Code.ShouldBe("KeyNotSuitable");
        }

        (await FindAsync(place)).Stands.ShouldBeFalse();
    }

    [Fact]
    public async Task A_vault_that_gives_us_no_role_is_no_vault_without_a_key()
    {
        var place = NewPlace(out _, hasRole: false);

        (await Refusal(() => FindAsync(place))).ShouldBeOfType<CloudProblem.Forbidden>();
    }

    private IImportedKeys Keys => stand.Cloud.ImportedKeys;

    private ImportPlace NewPlace(out string vault, bool hasRole = true)
    {
        vault = stand.Name("platform");
        stand.Admin.CreateVault(vault, subscription: LocalCloudAzure.PlatformSubscription);
        if (hasRole)
        {
            stand.Admin.AddRole(LocalCloudAzure.IdentityObjectId, "Key Vault Crypto Officer",
                stand.Admin.VaultId(vault));
        }

        return new ImportPlace(new ImportedKeyOwner(Guid.NewGuid().ToString(), "acme", "acme-2026"), KeyRef.AnyRegion)
        {
            Cloud = CloudKind.Azure,
            KeyId = $"https://{vault}.vault.azure.net/keys/{Name}",
        };
    }

    private static KeyRef RefOf(ImportPlace place) => new(place.Region, place.KeyId!) { Cloud = CloudKind.Azure };

    private async Task<ImportedKey> FindAsync(ImportPlace place) =>
        (await Keys.FindAsync(place, None)).ShouldNotBeNull();

    private Task<ImportOutcome> ImportAsync(ImportPlace place, RSA rsa, MaterialExpiry? expiry = null) =>
        Keys.ImportAsync(place, RefOf(place), rsa.ExportPkcs8PrivateKey(), expiry ?? new MaterialExpiry.Never(), null,
            None);

    private Task<KeyProof> ProveAsync(KeyRef key, Canary? stored = null) =>
        stand.Cloud.Keys.ProveAsync(key, Context, stored, None);

    private static async Task<CloudProblem> Refusal(Func<Task> act) =>
        (await Should.ThrowAsync<CloudException>(act)).Problem;
}
