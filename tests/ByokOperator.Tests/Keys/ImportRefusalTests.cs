using System.Buffers.Text;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What an act on an imported key is refused for when what it was decided on does not hold any more.</summary>
public sealed class ImportRefusalTests
{
    private const string Region = KeyRef.AnyRegion; // a blob for a vault's HSM needs no wrapping key of ours

    private static readonly KeyRef made = new(Lookout.Region, Lookout.Arn) { IsOurs = true };
    private static readonly DateTimeOffset noted = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Without_the_note_that_it_was_decided_on_nothing_is_resumed_or_swept()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        (await RefusalAsync(lookout, key, new KeyAct.ResumeCreation(Lookout.Region, noted))).ShouldBe("NoteChanged");
        (await RefusalAsync(lookout, key, new KeyAct.SweepKeys(Lookout.Region, noted, Keep: null)))
            .ShouldBe("NoteChanged");
    }

    [Fact]
    public async Task An_interrupted_creation_that_the_cloud_may_not_list_yet_is_not_over()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var now = TimeProvider.System.GetUtcNow();
        await new KeyRecords(lookout.Around).NoteCreationAsync(key, Lookout.Region, now, CancellationToken.None);
        lookout.Around.Cloud.Imported.ScanAsync(default!, default).ReturnsForAnyArgs([]);
        (await RefusalAsync(lookout, key, new KeyAct.ResumeCreation(Lookout.Region, now)))
            .ShouldBe("CreationNotSettled");
    }

    [Fact]
    public async Task Nothing_is_swept_once_the_name_stands_on_another_key_than_the_one_to_keep()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        await new KeyRecords(lookout.Around).NoteCreationAsync(key, Lookout.Region, noted, CancellationToken.None);
        lookout.Around.Cloud.Imported.FindAsync(default!, default)
            .ReturnsForAnyArgs(Standing(ImportedKeyState.Enabled));
        (await RefusalAsync(lookout, key, new KeyAct.SweepKeys(Lookout.Region, noted, Keep: "another")))
            .ShouldBe("KeyRenamed");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().ScheduleDeletionAsync(
            default!, default!, default, default);
    }

    [Fact]
    public async Task Nothing_is_imported_that_the_spec_does_not_ask_for_any_more()
    {
        await using var lookout = await Lookout.StartAsync();
        (await RefusalAsync(lookout, await ApplyAsync(lookout, KeyStates.Revoked), Import("f")))
            .ShouldBe("SpecChanged");
    }

    [Fact]
    public async Task Nothing_is_imported_but_the_very_upload_that_was_decided_on()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        (await RefusalAsync(lookout, key, Import("f"))).ShouldBe("UploadChanged", "none stands");
        await HandOverAsync(lookout);
        (await RefusalAsync(lookout, key, Import("f"))).ShouldBe("UploadChanged", "another stands");
    }

    [Fact]
    public async Task Nothing_is_imported_into_a_key_that_is_bound_to_other_material()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var fingerprint = await HandOverAsync(lookout);
        await new KeyRecords(lookout.Around).BindMaterialAsync(key, 1, "another", CancellationToken.None);
        (await RefusalAsync(lookout, key, Import(fingerprint))).ShouldBe("KeyReplaced");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().ImportAsync(
            default!, default!, default, default!, default, default);
    }

    public static TheoryData<string, object> Outcomes => new()
    {
        { "KeyReplaced", new ImportOutcome.IncorrectMaterial() },
        { "KeyPendingDeletion", new ImportOutcome.KeyPendingDeletion() },
        { "KeyDisabled", new ImportOutcome.KeyDisabled() },
        { "KeyMissing", new ImportOutcome.KeyMissing() },
        { "BadKey", new ImportOutcome.Refused("BadKey", "why") },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task What_the_cloud_does_not_take_is_told_by_its_reason(string reason, object outcome)
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var fingerprint = await HandOverAsync(lookout);
        lookout.Around.Cloud.Imported.ImportAsync(default!, default!, default, default!, default, default)
            .ReturnsForAnyArgs((ImportOutcome)outcome);
        (await RefusalAsync(lookout, key, Import(fingerprint))).ShouldBe(reason);
    }

    [Fact]
    public async Task Material_is_not_withdrawn_once_the_tenant_does_not_revoke_any_more()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        (await RefusalAsync(lookout, key, new KeyAct.WithdrawMaterial(Lookout.Region, Lookout.Arn)))
            .ShouldBe("SpecChanged");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().DeleteMaterialAsync(default!, default!, default);
    }

    [Fact]
    public async Task
        A_revocation_is_written_down_before_the_material_goes_and_goes_on_from_there_once_the_object_is_gone()
    {
        await using var lookout = await Lookout.StartAsync();
        var executors = new Executors(lookout);
        var key = await ApplyAsync(lookout);
        // from then on there is a record
        await executors.KeyRecords.NoteCreationAsync(key, Lookout.Region, noted, CancellationToken.None);
        key = await ApplyAsync(lookout, KeyStates.Revoked);
        var withdraw = new KeyAct.WithdrawMaterial(Lookout.Region, Lookout.Arn);
        lookout.Around.Cloud.Imported.DeleteMaterialAsync(default!, default!, default).ReturnsForAnyArgs(
            _ =>
                throw new Cloud.CloudException(new Cloud.CloudProblem.Unreachable("Timeout", "no answer"),
                    "kms:DeleteImportedKeyMaterial"), _ => Task.CompletedTask);
        var world =
            KeyWorlds.Good with { IsSpecRecorded = false, State = KeyStates.Revoked, IsRevocationConfirmed = true };
        await Should.ThrowAsync<Cloud.CloudException>(() =>
            executors.Keys.PerformAsync(key, world, withdraw, CancellationToken.None));

        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        await executors.Keys.PerformAsync(key with { IsRecordedOnly = true }, world with { IsRecordedOnly = true },
            withdraw, CancellationToken.None);
        await lookout.Around.Cloud.Imported.ReceivedWithAnyArgs(2).DeleteMaterialAsync(default!, default!, default);
    }

    [Fact]
    public async Task
        Material_of_a_key_without_object_stays_where_the_record_does_not_say_Revoked_or_another_may_take_it()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var (left, withdraw) =
            (key with { IsRecordedOnly = true }, new KeyAct.WithdrawMaterial(Lookout.Region, Lookout.Arn));
        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        (await RefusalAsync(lookout, left, withdraw)).ShouldBe("KeyNotFound", "no record says what the tenant wanted");
        await new KeyRecords(lookout.Around).NoteCreationAsync(key, Lookout.Region, noted, CancellationToken.None);
        (await RefusalAsync(lookout, left, withdraw)).ShouldBe("SpecChanged", "it was active");
        await ApplyAsync(lookout, KeyStates.Revoked);
        (await RefusalAsync(lookout, left, withdraw)).ShouldBe("KeyInUse", "another object of its name stands");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().DeleteMaterialAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_key_that_a_store_uses_or_that_data_was_left_under_is_not_destroyed()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var store = await lookout.ApplyStoreAsync();
        await new Executors(lookout).StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);
        var deleting = key with { Metadata = key.Metadata with { DeletionTimestamp = DateTimeOffset.UtcNow } };
        (await RefusalAsync(lookout, deleting, Destroy)).ShouldBe("KeyInUse");

        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        lookout.Stores.DescribeAsync(default!, default).ReturnsForAnyArgs(
            new StoreDescription(StoreOwnership.Ours, [], IsDenied: false, null, new Dictionary<string, string>(), []));
        (await RefusalAsync(lookout, deleting, Destroy)).ShouldBe("KeyInUse", "the bucket stands");
        await lookout.Around.Cloud.Imported.DidNotReceiveWithAnyArgs().DeleteMaterialAsync(default!, default!, default);
    }

    [Fact]
    public async Task A_key_whose_object_is_gone_is_destroyed_once_no_store_s_record_names_it_and_not_before()
    {
        await using var lookout = await Lookout.StartAsync();
        var key = await ApplyAsync(lookout);
        var store = await lookout.ApplyStoreAsync();
        await new Executors(lookout).StoreRecords.PutAsync(store, mark: null, "", CancellationToken.None);
        var left = key with { IsRecordedOnly = true };
        (await RefusalAsync(lookout, left, Destroy)).ShouldBe("KeyInUse", "its object stands after all");

        await lookout.Kube.Api<TenantEncryptionKey>().DeleteAsync(key.Metadata.Key, null, CancellationToken.None);
        (await RefusalAsync(lookout, left, Destroy)).ShouldBe("KeyInUse", "data may stand under it");

        await new Executors(lookout).StoreRecords.EndAsync(store, CancellationToken.None);
        (await RefusalAsync(lookout, left, Destroy))
            .ShouldBe("KeyInUse", "a store names it, and its record may have been lost");

        await lookout.Kube.Api<EncryptedStore>().DeleteAsync(store.Metadata.Key, null, CancellationToken.None);
        await new Executors(lookout).Imports.PerformAsync(left, Destroy, CancellationToken.None);
        await lookout.Around.Cloud.Imported.Received(1).ScheduleDeletionAsync(
            Arg.Any<ImportPlace>(), Arg.Is<KeyRef>(one => one.Id == Lookout.Arn),
            Arg.Any<TimeSpan>(), Arg.Any<CancellationToken>());
    }

    private static KeyAct.DestroyKey Destroy => new(Lookout.Region, Lookout.Arn);

    private static KeyAct.ImportMaterial Import(string fingerprint) =>
        new(Region, "https://acme.vault.azure.net/keys/k", fingerprint, MaterialId: null);

    private static ImportedKey Standing(ImportedKeyState state) => new(made, state, null, null, noted);

    private static Task<string> RefusalAsync(Lookout lookout, TenantEncryptionKey key, KeyAct act) =>
        Executors.RefusalAsync(() => new Executors(lookout).Imports.PerformAsync(key, act, CancellationToken.None));

    /// <returns>Its fingerprint.</returns>
    private static async Task<string> HandOverAsync(Lookout lookout)
    {
        const string Kid = "https://acme.vault.azure.net/keys/x/0";
        const string Header = $$"""{"kid":"{{Kid}}","alg":"dir","enc":"CKM_RSA_AES_KEY_WRAP"}""";
        var wrapped = Base64Url.EncodeToString(new byte[512]);
        var blob = $$"""{"schema_version":"1.0.0","header":{{Header}},"ciphertext":"{{wrapped}}"}""";
        var secret = new Secret
        {
            Metadata = new ObjectMeta { Name = "key-import", Namespace = Lookout.Namespace },
            Data = new Dictionary<string, byte[]> { ["wrappedKey"] = Encoding.ASCII.GetBytes(blob) },
        };
        await lookout.Kube.Api<Secret>().ApplyAsync(secret, "test", CancellationToken.None);
        var key = Key(KeyStates.Active);
        var seen = await new UploadReader(lookout.Around, platform: null!, requests: null!).LookAsync(
            key, lookout.Around.FactReader.At(CancellationToken.None));
        return seen.ForDisplay().ShouldBeOfType<Upload.Ready>().Fingerprint;
    }

    private static TenantEncryptionKey Key(string state) => new()
    {
        Metadata = new ObjectMeta { Name = "key", Namespace = Lookout.Namespace },
        Spec = new()
        {
            State = state,
            Revocation = new KeyRevocation { Confirm = state == KeyStates.Revoked ? "revoke" : "" },
            Imported = new ImportedSource
            {
                Azure = new AzureImport { VaultUri = "https://acme.vault.azure.net", KeyName = "k" },
            },
        },
    };

    private static async Task<TenantEncryptionKey> ApplyAsync(Lookout lookout, string state = KeyStates.Active)
    {
        var applied = await lookout.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            Key(state), "test", CancellationToken.None);
        await Lookout.UntilAsync(() => lookout.Around.Cluster.Keys.Find(applied.Metadata.Key) is not null);
        return applied;
    }
}
