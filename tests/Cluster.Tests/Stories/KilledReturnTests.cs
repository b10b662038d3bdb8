using Cluster.Tests.Moving;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>A return to the shared place on a real cluster, while workloads read and write,
/// and operators and workers are killed all the way through.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledReturnTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const int Shards = 3;

    private const string Leaves =
        """{"metadata":{"annotations":{"byok.dev/confirm-return":"store/key"}},"spec":{"keyRef":null}}""";

    [Fact]
    public async Task Every_version_goes_back_to_the_shared_bucket_and_the_fence_alone_refuses_writes()
    {
        var shared = $"platform-backups-{Guid.NewGuid():N}";
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions());
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        cloud.Admin.CreateBucket(shared, AwsScene.Region, LocalCloudAccounts.Platform);
        await S3Data.VersionAsync(s3, shared);
        await S3Data.FillAsync(cloud, s3, shared);
        await using var space = await cluster.NamespaceAsync("return");
        await cluster.GiveCredentialsAsync();
        var tenant = new TenantScene(cluster, cloud, space.Name);
        var key = await AwsScene.CreateKeyAsync(cloud, LocalCloudAccounts.Tenant, "--tenant-name", space.Name,
            "--data-role", LocalCloudAccounts.WorkloadRole);
        await tenant.ApplyKeyAsync("key", key, "probeInterval: 2s, maxStaleness: 1h");
        await tenant.ApplyStoreAsync(
            $", shared: {{aws: {{bucket: {shared}, prefix: acme/}}}}, migration: {{parallelism: {Shards}}}");
        var turnstile = new Turnstile();
        await using var replicas = new KilledReplicas(cluster, () => cluster.StartCopyingOperator(cloud), turnstile,
            () => cloud.Admin.Count("kms", "GenerateDataKeyWithoutPlaintext"));
        await tenant.UntilOpenAsync();
        var before = S3Data.Standing(await S3Data.VersionsAsync(s3, tenant.Bucket, ""));
        using var binding = new FollowedBinding(cluster, space.Name);
        using var workload = new S3Workload(cloud);
        var traffic = new Traffic(binding, workload, TimeSpan.Zero, makesNames: true);
        traffic.Start(S3Data.ToRead(before));

        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await tenant.PatchStoreAsync(Leaves);
        await replicas.KillUntilAsync(space.Name, (MovedStore.Kills, MovedStore.Batch), MovedStore.Left);
        cloud.Admin.SetKeyState(key, "Disabled");
        await MovedStore.ShouldNotMindAsync(cluster.Administrator, space.Name, "key", availability: null);
        await traffic.StopAsync();

        TestContext.Current.SendDiagnosticMessage(
            $"return: {replicas}; {before.Count} versions, the largest of {S3Data.Bytes:#,0} bytes; {traffic}; "
                + $"{Load.Now}");
        traffic.ShouldHaveRead();
        traffic.ShouldHaveWritten("AccessDenied");
        var after = await S3Data.VersionsAsync(s3, shared, "");
        S3Data.Standing(after).Select(one => one.Content).ShouldBe(before.Select(one => one.Content));
        after.ShouldAllBe(one => one.KeyId == null);
        after.ShouldAllBe(one => one.Key.StartsWith("acme/", StringComparison.Ordinal));
        traffic.ShouldStand(after, isVersioned: true);
        cloud.Admin.HasBucket(tenant.Bucket).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_version_of_a_blob_goes_back_to_the_shared_container_and_the_fence_alone_refuses_writes()
    {
        const string Shared = AzureScene.Account + "/" + AzureScene.Container;
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions());
        using var azure = new AzureScene(cloud);
        azure.CreateKey();
        await azure.KeepVersionsAsync();
        await BlobData.FillVersionsAsync(azure, Shared, S3Data.Objects);
        cloud.Admin.Azure.PutSparse(
            AzureScene.Account, AzureScene.Container, "acme/large/block", S3Data.Bytes, 1);
        foreach (var name in Traffic.Names)
        {
            await BlobData.PutAsync(azure, Shared, name, "first"); // a fence on Azure holds what stands
        }

        await using var space = await cluster.NamespaceAsync("return");
        await cluster.Administrator.ApplyAsync(
            AzureScene.Manifests(space.Name, AzureScene.FromShared(Shards), "1h"), "--validate=false");
        var turnstile = new Turnstile();
        await using var replicas = new KilledReplicas(cluster,
            () => azure.Start(cluster, "--lease-duration", "5s"), turnstile, () => cloud.Admin.Count("keyvault"));
        var place = await MovedStore.UntilOpenAsync(cluster.Administrator, space.Name);
        var before = await BlobData.LookAsync(azure, place, "acme/");
        using var binding = new FollowedBinding(cluster, space.Name);
        var traffic = new Traffic(binding, new BlobWorkload(azure), TimeSpan.Zero, makesNames: false);
        traffic.Start(BlobData.ToRead(before));

        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "blob", Operation = "PutBlobFromUrl" });
        await cluster.Administrator.RunAsync("patch", "-n", space.Name, "encryptedstore/store", "--type=merge", "-p",
            Leaves);
        await replicas.KillUntilAsync(space.Name, (MovedStore.Kills, MovedStore.Batch), MovedStore.Left);
        azure.SwitchKey(AzureScene.Vault, on: false);
        await MovedStore.ShouldNotMindAsync(cluster.Administrator, space.Name, "key", availability: null);
        await traffic.StopAsync();

        TestContext.Current.SendDiagnosticMessage(
            $"return: {replicas}; {before.Count} states of blobs, the largest of {S3Data.Bytes:#,0} bytes; {traffic}; "
                + $"{Load.Now}");
        traffic.ShouldHaveRead();
        traffic.ShouldHaveWritten("LeaseIdMissing", write => write.Name);
        var after = await BlobData.LookAsync(azure, Shared, "acme/"); // the account keeps versions of the fence's marks
        BlobData.Standing(after).ShouldBe(BlobData.Standing(before));
        traffic.ShouldStand(
            after.Where(state => state.Digest != IWorkload.DigestOf("first"u8))
                .Select(state => new StoredVersion(state.Name, "", state.Digest, null)), isVersioned: true);
        Should.Throw<ArgumentException>(() => cloud.Admin.Azure.AccountId(place.Split('/')[0]));
    }
}
