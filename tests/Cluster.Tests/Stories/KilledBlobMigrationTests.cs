using Cluster.Tests.Moving;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>The main job on Azure on a real cluster: blobs of all kinds,
/// while operators and copy pods are killed all the way through.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledBlobMigrationTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const int Shards = 4;
    private const string Shared = AzureScene.Account + "/" + AzureScene.Container;

    /// <summary>Copied before each kill: more than one worker holds at a time.</summary>
    private const int Batch = 40;

    /// <summary>While blobs are copied; half as many on the rest of the way.</summary>
    private static readonly int kills = Asked.For("KILLS", 8);

    /// <summary>Half of them are left when the kills by batches are over.</summary>
    private static readonly int small = 2 * Batch * kills;

    [Fact]
    public async Task No_blob_is_lost_though_operators_and_copy_pods_are_killed_all_the_way()
    {
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { CallLogCapacity = 100_000 });
        using var azure = new AzureScene(cloud);
        azure.CreateKey();
        await FillAsync(cloud, azure);
        var before = await BlobData.StatesAsync(azure, Shared, "acme/");
        var neighbours = await BlobData.StatesAsync(azure, Shared, "acme2/");
        await using var space = await cluster.NamespaceAsync("acme");
        await cluster.Administrator.ApplyAsync(AzureScene.Manifests(space.Name, Shards), "--validate=false");

        var turnstile = new Turnstile();
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "blob", Operation = "PutBlobFromUrl" });
        await using var replicas =
            new KilledReplicas(cluster, () => Start(azure), turnstile, () => cloud.Admin.Count("keyvault"));
        var place = await replicas.KillUntilReadyAsync(space.Name, kills, Batch);
        TestContext.Current.SendDiagnosticMessage($"{replicas}; {before.Count} states of blobs; {Load.Now}");
        (await BlobData.StatesAsync(azure, place, "acme/")).ShouldBe(before);
        (await BlobData.StatesAsync(azure, Shared, "acme2/")).ShouldBe(neighbours);
        (await BlobData.StatesAsync(azure, Shared, "acme/")).ShouldBeEmpty();
    }

    private ChildProcess Start(AzureScene azure) => azure.Start(cluster, "--lease-duration", "5s");

    private static async Task FillAsync(LocalCloudServer cloud, AzureScene azure)
    {
        await BlobData.FillAsync(azure, Shared, small);
        await BlobData.PutAsync(azure, Shared, "acme2/neighbour", "mine");
        cloud.Admin.Azure.PutSparse(AzureScene.Account, AzureScene.Container, "acme/large/block", 300L << 20, 1);
        cloud.Admin.Azure.PutSparse(AzureScene.Account, AzureScene.Container, "acme/large/append", 150L << 20, 2,
            "AppendBlob");
    }
}
