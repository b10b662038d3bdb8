using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;
using Quickstart;
using Shouldly;
using Xunit;

namespace CloudStories;

/// <summary>
/// The cluster is lost with keys in it whose material tenants handed over. The keys stand in the platform's own account
/// or vault: they are taken back like stores, none is made anew, none is deleted, and nobody has to hand anything over.
/// </summary>
public sealed class LostImportedKeyStories
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_imported_key_of_KMS_comes_back_with_its_store(bool withRecords)
    {
        await using var life = await TenantLife.BeginAsync(new AwsScene());
        var (secret, other) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var source = new ImportedSource { Aws = new AwsImport { Regions = [Stage.Region] } };
        await ComesBackAsync(life, source, () => UploadAsync(life, secret), () => UploadAsync(life, other),
            withRecords);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_imported_key_of_a_vault_comes_back_with_its_store(bool withRecords)
    {
        var scene = new AzureScene();
        await using var life = await TenantLife.BeginAsync(scene);
        using var key = new HandedOver();
        using var other = new HandedOver();
        var source = new ImportedSource { Azure = scene.MakePlatformVault() };
        await ComesBackAsync(life, source, () => key.UploadAsync(life.Stage, life.Namespace),
            () => other.UploadAsync(life.Stage, life.Namespace), withRecords);
    }

    private static async Task ComesBackAsync(
        TenantLife life, ImportedSource source, Func<Task> handOver, Func<Task> handOverAnother, bool withRecords)
    {
        var cluster = new LostCluster(life);
        await handOver();
        await SayAsync(cluster, source, KeyStates.Active);
        var store = await cluster.SettleAsync("store", "key");
        var key = await cluster.UntilKeyAsync("key", one => one.Status!.Verdict == "Usable");

        await cluster.LoseAsync(withRecords, withRecordsKey: withRecords);
        await life.Stage.Kube.Api<Secret>().DeleteAsync(new ObjectKey(life.Namespace, "key-import"), null, None);
        life.Stage.RestartOperator();

        var stalled = await cluster.UntilKeyAsync("key",
            one => Conditions.Find(one.Status!.Conditions, "Stalled")?.Reason == "AdoptionNeeded");
        Conditions.Find(stalled.Status!.Conditions,
            "Stalled")!.Message!.ShouldContain($"{{namespace: {life.Namespace}, key: key, uid: {key.Metadata.Uid}}}");
        await cluster.UntilStalledAsync("store", "AdoptionNeeded");
        Ended(life).ShouldBeEmpty();

        await cluster.ConsentAsync(
        [
            new TenantSpecAdopt { Namespace = life.Namespace, Key = "key", Uid = key.Metadata.Uid! },
            new TenantSpecAdopt { Namespace = life.Namespace, Store = "store", Uid = store.Metadata.Uid! },
        ]);
        var back = await cluster.UntilReadyAsync("store");
        (back.Status!.Location!.Bucket,
            back.Status.ActiveKey).ShouldBe((store.Status!.Location!.Bucket, store.Status.ActiveKey));
        (await life.Scene.ReadAsync(store.Status.Location, "acme/store/a.txt")).ShouldBe("store");
        await Clocked.UntilAsync(async () =>
            await cluster.RecordedAsync<KeyRecord>() is var uids && uids.Count == 1 && uids[0] == stalled.Metadata.Uid);
        cluster.Made().ShouldBeEmpty();
        Ended(life).ShouldBeEmpty();

        await SayAsync(cluster, source, KeyStates.Revoked);
        await cluster.UntilAsync("store", one => one.Status?.Availability == "Closed");
        (await life.Scene.ListAsync(store.Status.Location, "")).ShouldBeNull();
        await handOverAnother();
        await SayAsync(cluster, source, KeyStates.Active);
        await cluster.UntilKeyAsync("key",
            one =>
                (one.Status!.Conditions ?? [])
                    .Any(condition => condition is { Status: "False", Reason: "KeyReplaced" }));
        (await life.Scene.ListAsync(store.Status.Location, "")).ShouldBeNull();
        await handOver();
        await cluster.UntilReadyAsync("store");
        cluster.Made().ShouldBeEmpty();
    }

    private static Task SayAsync(LostCluster cluster, ImportedSource source, string state) =>
        cluster.ApplyKeyAsync("key", spec => new TenantEncryptionKeySpec
        {
            State = state, Revocation = spec.Revocation with { Confirm = state == KeyStates.Revoked ? "revoke" : "" },
            Imported = source,
        });

    /// <summary>What took material or keys away.</summary>
    private static IEnumerable<string> Ended(TenantLife life) =>
        life.Stage.Cloud.Admin.Calls().Select(call => call.Operation)
            .Where(operation =>
                operation is "ScheduleKeyDeletion" or "DeleteImportedKeyMaterial" or "DeleteKey" or "UpdateKey");

    private static async Task UploadAsync(TenantLife life, byte[] secret)
    {
        using var platform = RSA.Create();
        platform.ImportFromPem(await HandedOver.PublicKeyAsync(life.Stage));
        await life.Stage.Kube.Api<Secret>().ApplyAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Name = "key-import", Namespace = life.Namespace },
                Data = new Dictionary<string, byte[]>
                {
                    ["wrappedKey"] = platform.Encrypt(secret, RSAEncryptionPadding.OaepSHA256),
                    ["keyHash"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(secret))),
                },
            },
            "test", None);
    }
}
