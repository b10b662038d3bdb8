using System.Text.Json.Nodes;
using Cluster.Tests.Moving;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>A change of key on Azure on a real cluster: the account's root key is wrapped anew, while workloads read
/// and write, and an operator is killed after each call that changes anything.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledRewrapTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const string SecondVault = AzureScene.Vault + "-2";

    /// <summary>Changes, to and fro: each takes a few calls, and so a few kills.</summary>
    private static readonly int changes = Math.Max(1, MovedStore.Kills / 4);

    [Fact]
    public async Task The_account_comes_under_another_vault_s_key_and_no_call_of_a_workload_is_refused()
    {
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions());
        using var azure = new AzureScene(cloud);
        azure.CreateKey();
        azure.CreateKey(SecondVault);
        await using var space = await cluster.NamespaceAsync("rewrap");
        await cluster.Administrator.ApplyAsync(
            AzureScene.KeyManifest(space.Name, "second", SecondVault, "1h"), "--validate=false");
        await cluster.Administrator.ApplyAsync(AzureScene.Manifests(space.Name, "", "1h"), "--validate=false");
        var turnstile = new Turnstile();
        await using var replicas = new KilledReplicas(cluster,
            () => azure.Start(cluster, "--lease-duration", "5s"), turnstile,
            () => cloud.Admin.Count("keyvault") / 2); // two keys
        var place = await MovedStore.UntilOpenAsync(cluster.Administrator, space.Name);
        await BlobData.FillAsync(azure, place, S3Data.Objects);
        cloud.Admin.Azure.PutSparse(place.Split('/')[0], place.Split('/')[1], "acme/large/block", S3Data.Bytes, 1);
        var before = await BlobData.LookAsync(azure, place, "acme/");
        using var binding = new FollowedBinding(cluster, space.Name);
        var traffic = new Traffic(binding, new BlobWorkload(azure), TimeSpan.FromHours(1), makesNames: true);
        traffic.Start(BlobData.ToRead(before));

        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile))
            {
                Operation = "P*", // PutBlob, PatchStorageAccount...
                PrincipalArn = LocalCloudAzure.IdentityObjectId,
            });
        for (var change = 1; change <= changes; change++)
        {
            await ChangeAsync(replicas, space.Name, isToSecond: change % 2 == 1);
        }

        turnstile.Open();
        var isSecond = changes % 2 == 1;
        var (now, old) = isSecond ? (SecondVault, AzureScene.Vault) : (AzureScene.Vault, SecondVault);
        azure.SwitchKey(old, on: false);
        await MovedStore.ShouldNotMindAsync(cluster.Administrator, space.Name, isSecond ? "key" : "second", "Open");
        await traffic.StopAsync();
        TestContext.Current.SendDiagnosticMessage(
            $"{changes} changes, {replicas}; {before.Count} states of blobs, the largest of {S3Data.Bytes:#,0} bytes; "
                + $"{traffic}; {Load.Now}");
        traffic.ShouldHaveRead();
        traffic.ShouldHaveWritten(fence: null);
        var after = await BlobData.LookAsync(azure, place, "acme/");
        BlobData.Standing(after).ShouldBe(BlobData.Standing(before));
        traffic.ShouldStand(after.Select(state => new StoredVersion(state.Name, "", state.Digest, null)),
            isVersioned: false);
        ((string?)(await azure.AccountAsync(place.Split('/')[0]))["properties"]!["encryption"]!["keyvaultproperties"]![
            "currentVersionedKeyIdentifier"]).ShouldNotBeNull().ShouldStartWith(AzureScene.IdOf(now));
    }

    private async Task ChangeAsync(KilledReplicas replicas, string space, bool isToSecond)
    {
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = isToSecond ? "second" : "key" } },
        };
        await cluster.Administrator.RunAsync("patch", "-n", space, "encryptedstore/store", "--type=merge", "-p",
            patch.ToJsonString());
        var key = AzureScene.IdOf(isToSecond ? SecondVault : AzureScene.Vault);
        await replicas.KillAfterEachAsync(space, store => MovedStore.Changed(store, key));
    }
}
