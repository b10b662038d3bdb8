using Byok.Import.Wrapping;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;

namespace Quickstart;

/// <summary>A tenant without a KMS: it makes a secret with the script, hands it over wrapped, revokes it, comes back
/// with it, rotates it, and leaves.</summary>
internal sealed class ImportStory(Stage stage, Narrator narrator, string ns)
{
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);
    private readonly Scene scene = new(stage, narrator, (ns, "bolt/"), new S3Shelf(stage, ns));

    public async Task<int> TellAsync()
    {
        using var desk = new TenantDesk(await PublicKeyAsync());
        var mine = await desk.MakeSecretAsync();
        narrator.Step(
            $"a second tenant makes a secret with {desk.Tool}: encrypted_secret.bin ({mine.Wrapped.Length} bytes), "
                + $"key hash {mine.KeyHash}");
        await scene.MakeSharedDataAsync();

        await UploadAsync(mine);
        await ApplyAsync(KeyStates.Standby);
        await scene.UntilKeyAsync("Ready");
        narrator.Step("validated on Standby: it opens and is the secret of that hash; nothing was made in KMS");

        await ApplyAsync(KeyStates.Active);
        await scene.ApplyStoreAsync();
        var store = await scene.UntilOpenAsync();
        var bucket = store.Status!.Location!.Bucket;
        narrator.Step(
            $"activated and moved: {store.Status.Migration?.Progress} objects stand in {bucket}, under "
                + $"{store.Status.ActiveKey}");
        await scene.ShowDataAsync(bucket);

        await ApplyAsync(KeyStates.Revoked, confirm: "revoke");
        store = await scene.UntilClosedAsync();
        narrator.Step(
            $"revoked, typed: {store.Status!.ClosedReason}; the material is out of KMS, "
                + $"{await scene.OutsideAsync(bucket)}");

        await UploadAsync(await desk.MakeSecretAsync());
        await ApplyAsync(KeyStates.Active);
        await scene.UntilKeyAsync("KeyReplaced");
        narrator.Step($"another secret is refused; {await scene.OutsideAsync(bucket)}");

        await UploadAsync(mine);
        await scene.UntilOpenAsync();
        narrator.Step($"open: the same secret came back; {await scene.OutsideAsync(bucket)}");

        await ApplyAsync(KeyStates.Active, generation: 2);
        await UploadAsync(await desk.MakeSecretAsync());
        narrator.Step(
            "the tenant raises spec.imported.generation to 2 and hands another secret over: now it is asked for");
        await scene.UntilGenerationAsync(2);
        var deviations = await scene.ReportAsync();
        await scene.LeaveAsync();
        return deviations;
    }

    private Task ApplyAsync(string state, string confirm = "", int generation = 1) =>
        scene.ApplyAsync(new TenantEncryptionKeySpec
        {
            State = state,
            Revocation = new KeyRevocation { Confirm = confirm },
            Imported = new ImportedSource
            {
                Aws = new AwsImport { Regions = [Stage.Region] }, Generation = generation,
            },
        });

    private async Task UploadAsync(HandedOver secret) => await stage.Kube.Api<Secret>().ApplyAsync(
        new Secret
        {
            Metadata = new ObjectMeta { Name = $"{Scene.KeyName}-import", Namespace = ns },
            Data = new Dictionary<string, byte[]>
            {
                ["wrappedKey"] = secret.Wrapped,
                ["keyHash"] = System.Text.Encoding.ASCII.GetBytes(secret.KeyHash),
            },
        },
        "quickstart", CancellationToken.None);

    /// <summary>The ConfigMap that the platform hands out;
    /// the leader makes it within seconds of its first start.</summary>
    private async Task<string> PublicKeyAsync()
    {
        var address = PublicHalf.Address(new WrappingOptions { Namespace = stage.OperatorNamespace });
        for (var until = narrator.Elapsed + timeout; narrator.Elapsed < until; await Task.Delay(100))
        {
            await stage.ThrowIfDeadAsync();
            if ((await stage.Kube.Api<ConfigMap>()
                .TryGetAsync(address, CancellationToken.None))?.Data?.GetValueOrDefault(PublicHalf.KeyEntry) is { } pem)
            {
                return pem;
            }
        }

        throw new TimeoutException($"the platform's public key is not in ConfigMap {address}");
    }
}
