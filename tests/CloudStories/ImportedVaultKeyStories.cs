using System.Text.Json;
using ByokOperator.Api;
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

    private static TenantEncryptionKeySpec Imported(TenantEncryptionKeySpec spec, AzureImport place) =>
        spec with { AzureKeyVault = null, Imported = new ImportedSource { Azure = place } };

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
