using System.Text.Json;
using ByokOperator.Api;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>An RSA key that the tenant hands over, in a vault of the platform's.</summary>
public sealed class ImportedVaultKeyStories
{
    [Fact]
    public async Task A_key_that_was_handed_over_holds_the_data_and_closes_it_when_the_tenant_takes_it_back()
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var key = new HandedOver();
        using var other = new HandedOver();
        var place = scene.MakePlatformVault();
        await scene.PutSharedAsync("acme/a.txt", "one");
        await life.ApplyKeyAsync(spec => Imported(spec, place));
        await life.UntilKeyAsync(seen => ReasonOf(seen) == "NotUploaded");

        await key.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyStoreAsync();
        var store = (await life.UntilReadyAsync()).Status!;
        (await scene.ReadAsync(store.Location!, "acme/a.txt")).ShouldBe("one");
        store.ActiveKey.ShouldBe($"{place.VaultUri}/keys/{place.KeyName}");
        (await scene.KeyOfAsync(store.Location!))!.ShouldStartWith(store.ActiveKey!);
        scene.SwitchesOfImported.ShouldBe([true]);

        await life.ApplyKeyAsync(spec =>
            Imported(spec, place) with
            {
                State = KeyStates.Revoked,
                Revocation = spec.Revocation with { Confirm = "revoke" },
            });
        (await life.UntilClosedAsync()).Status!.ClosedReason.ShouldBe("RevokedByTenant");
        scene.SwitchesOfImported.ShouldBe([false]);
        (await scene.ListAsync(store.Location!, "")).ShouldBeNull("lists must be refused too");

        await other.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place));
        await life.UntilKeyAsync(seen => ReasonOf(seen) == "KeyReplaced");
        (await life.UntilClosedAsync()).Status!.Availability.ShouldBe("Closed");
        scene.SwitchesOfImported.ShouldBe([false]);

        await key.UploadAsync(life.Stage, life.Namespace);
        await life.UntilReadyAsync();
        (await scene.ReadAsync(store.Location!, "acme/a.txt")).ShouldBe("one");
        scene.SwitchesOfImported.ShouldBe([true], "it was switched on again, not put a second time");
        await NothingShowsAsync(life, [.. key.Secrets, .. other.Secrets]);
    }

    [Fact]
    public async Task What_an_administrator_switches_off_stays_off_and_closes_the_store()
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var key = new HandedOver();
        var place = scene.MakePlatformVault();
        await key.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place));
        await life.ApplyStoreAsync(prefix: null);
        await life.UntilReadyAsync();

        scene.SwitchImported(on: false);
        await life.UntilClosedAsync();
        scene.SwitchesOfImported.ShouldBe([false]);

        scene.SwitchImported(on: true);
        await life.UntilReadyAsync();
    }

    [Fact]
    public async Task A_secret_that_is_rotated_is_the_key_s_next_version_and_the_account_follows_it()
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var first = new HandedOver();
        using var second = new HandedOver();
        var place = scene.MakePlatformVault();
        await scene.PutSharedAsync("acme/a.txt", "one");
        await first.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place));
        await life.ApplyStoreAsync();
        var store = (await life.UntilReadyAsync()).Status!.Location!;
        var before = await scene.KeyOfAsync(store);

        await second.UploadAsync(life.Stage, life.Namespace);
        await life.UntilKeyAsync(seen => ReasonOf(seen) == "Ready");
        scene.SwitchesOfImported.ShouldBe([true], "nobody asked for it");
        await life.ApplyKeyAsync(spec => Imported(spec, place, generation: 2));
        await life.UntilKeyAsync(seen => seen.Status!.Generation == 2 && ReasonOf(seen) == "Ready");
        await UntilUnderAsync(scene, store, scene.ImportedVersion(place));
        var rotated = (await life.KeyAsync())!;

        (await scene.KeyOfAsync(store)).ShouldNotBe(before);
        scene.SwitchesOfImported.ShouldBe([true, true]);
        rotated.Status!.Keys!.ShouldHaveSingleItem().Materials!.Select(one => (one.Generation, one.State))
            .ShouldBe([(1, "Earlier"), (2, "Current")]);
        (await life.UntilReadyAsync()).Status!.ActiveKey.ShouldBe($"{place.VaultUri}/keys/{place.KeyName}");
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        await NothingShowsAsync(life, [.. first.Secrets, .. second.Secrets]);

        await life.ApplyKeyAsync(spec =>
            Imported(spec, place, generation: 2) with
            {
                State = KeyStates.Revoked,
                Revocation = spec.Revocation with { Confirm = "revoke" },
            });
        await life.UntilClosedAsync();
        await life.UntilKeyAsync(seen => seen.Status!.MissingGenerations is [2]);
        scene.SwitchesOfImported.ShouldBe([false, false]);

        await first.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place, generation: 2));
        await life.UntilKeyAsync(seen => ReasonOf(seen) == "MaterialMissing");
        (await life.UntilClosedAsync()).Status!.Availability.ShouldBe("Closed");
        scene.SwitchesOfImported.ShouldBe([false, false], "the earlier one opens nothing");

        await second.UploadAsync(life.Stage, life.Namespace);
        await life.UntilReadyAsync();
        (await scene.ReadAsync(store, "acme/a.txt")).ShouldBe("one");
        scene.SwitchesOfImported.ShouldBe([true, true]);
    }

    [Fact]
    public async Task An_operator_that_ends_in_the_middle_of_a_rotation_finds_the_version_that_it_made()
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var first = new HandedOver();
        using var second = new HandedOver();
        var place = scene.MakePlatformVault();
        await first.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place));
        await life.ApplyStoreAsync(prefix: null);
        var store = (await life.UntilReadyAsync()).Status!.Location!;

        scene.LoseAnswerOfImport(count: 1);
        await second.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Imported(spec, place, generation: 2));
        await UntilAsync(() => Task.FromResult(scene.SwitchesOfImported.Count == 2));
        await life.Stage.StopOperatorAsync();
        await life.DeleteAsync<Secret>("key-import");
        life.Stage.RestartOperator();

        await life.UntilKeyAsync(seen => seen.Status!.Generation == 2 && ReasonOf(seen) == "Ready");
        await UntilUnderAsync(scene, store, scene.ImportedVersion(place));
        scene.SwitchesOfImported.ShouldBe([true, true], "it was not put a second time");
    }

    [Fact]
    public async Task Where_rotations_wait_for_a_word_the_account_stays_under_the_version_before()
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var first = new HandedOver();
        using var second = new HandedOver();
        var place = scene.MakePlatformVault();
        TenantEncryptionKeySpec Waiting(TenantEncryptionKeySpec spec, int generation, string? confirmed = null) =>
            Imported(spec, place, generation) with
            {
                Rotation = new KeyRotation { Confirmation = KeyRotation.Manual, ConfirmedVersion = confirmed },
            };
        await first.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Waiting(spec, 1));
        await life.ApplyStoreAsync(prefix: null);
        var store = (await life.UntilReadyAsync()).Status!.Location!;
        var before = await scene.KeyOfAsync(store);

        await second.UploadAsync(life.Stage, life.Namespace);
        await life.ApplyKeyAsync(spec => Waiting(spec, 2));
        await life.UntilKeyAsync(seen => ReasonOf(seen) == "VersionNotConfirmed");
        (await scene.KeyOfAsync(store)).ShouldBe(before);
        scene.SwitchesOfImported.ShouldBe([true, true]);

        await life.ApplyKeyAsync(spec => Waiting(spec, 2, scene.ImportedVersion(place).Split('/')[^1]));
        await UntilUnderAsync(scene, store, scene.ImportedVersion(place));
        await life.UntilReadyAsync();
    }

    private static Task UntilUnderAsync(AzureScene scene, StoreLocation store, string version) =>
        UntilAsync(async () => await scene.KeyOfAsync(store) == version);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timeout = new CancellationTokenSource(LastResort.Timeout);
        while (!await holds())
        {
            await Task.Delay(100, timeout.Token);
        }
    }

    private static TenantEncryptionKeySpec Imported(
        TenantEncryptionKeySpec spec, AzureImport place, int generation = 1) => spec with
    {
        AzureKeyVault = null,
        Imported = new ImportedSource { Azure = place, Generation = generation },
    };

    private static string? ReasonOf(TenantEncryptionKey key) =>
        Conditions.Find(key.Status!.Conditions, "Ready")?.Reason;

    /// <summary>In no object that the operator writes.</summary>
    private static async Task NothingShowsAsync(TenantLife life, IReadOnlyList<string> secrets)
    {
        var texts = new List<string> { JsonSerializer.Serialize((await life.KeyAsync())!, TenantEncryptionKey.Json) };
        await foreach (var page in life.Stage.Kube.Api<ConfigMap>()
            .ListAsync(new Selection(life.Namespace), CancellationToken.None))
        {
            texts.AddRange(page.Items.Select(map => JsonSerializer.Serialize(map, ConfigMap.Json)));
        }

        await foreach (var page in life.Stage.Kube.Api<KubeEvent>()
            .ListAsync(new Selection(life.Namespace), CancellationToken.None))
        {
            texts.AddRange(page.Items.Select(told => JsonSerializer.Serialize(told, KubeEvent.Json)));
        }

        texts.Count.ShouldBeGreaterThan(2);
        texts.ShouldAllBe(text => !secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)));
    }
}
