using Cluster.Tests.Moving;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>A change of key on a real cluster by each of AWS's engines, while workloads read and write,
/// and operators and workers are killed all the way through.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledChangeTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private const int Shards = 3;
    private static readonly TimeSpan overlap = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task
        Every_version_comes_under_a_key_of_the_bucket_s_account_where_it_stands_and_no_call_of_a_workload_is_refused()
    {
        await using var cloud = await StartAsync();
        await using var space = await cluster.NamespaceAsync("in-place");
        var (before, after) = await ChangeAsync(cloud, space.Name,
            new(LocalCloudAccounts.Platform, IsVersioned: true, "Update", "UpdateObjectEncryption"));
        after.Bucket.ShouldBe(before.Bucket);
        after.Standing.Select(one => (one.Key, one.Id)).ShouldBe(before.Standing.Select(one => (one.Key, one.Id)),
            "nothing moved");
    }

    [Fact]
    public async Task
        Every_object_is_written_over_with_itself_under_another_account_s_key_and_no_call_of_a_workload_is_refused()
    {
        await using var cloud = await StartAsync();
        await using var space = await cluster.NamespaceAsync("itself");
        var (before, after) = await ChangeAsync(cloud, space.Name,
            new(LocalCloudAccounts.Tenant, IsVersioned: false, "Copy", "CopyObject"));
        after.Bucket.ShouldBe(before.Bucket);
    }

    [Fact]
    public async Task
        Every_version_moves_to_the_next_bucket_under_another_account_s_key_and_the_fence_alone_refuses_writes()
    {
        await using var cloud = await StartAsync();
        await using var space = await cluster.NamespaceAsync("next");
        var (before, after) = await ChangeAsync(cloud, space.Name,
            new(LocalCloudAccounts.Tenant, IsVersioned: true, "Move", "CopyObject"));
        after.Bucket.ShouldBe(before.Bucket[..^1] + "2");
        cloud.Admin.HasBucket(before.Bucket).ShouldBeFalse();
    }

    private static Task<LocalCloudServer> StartAsync() => LocalCloudServer.StartAsync(new LocalCloudOptions());

    private async Task<(Found Before, Found After)> ChangeAsync(LocalCloudServer cloud, string space, Way way)
    {
        await cluster.GiveCredentialsAsync();
        var tenant = new TenantScene(cluster, cloud, space);
        var first = await AddKeyAsync(cloud, tenant, "key", way);
        var second = await AddKeyAsync(cloud, tenant, "second", way);
        await tenant.ApplyStoreAsync(
            $", rotation: {{overlap: {overlap.TotalSeconds}s}}, migration: {{parallelism: {Shards}}}");
        var turnstile = new Turnstile();
        await using var replicas = new KilledReplicas(cluster, () => cluster.StartCopyingOperator(cloud), turnstile,
            () => cloud.Admin.Count("kms", "GenerateDataKeyWithoutPlaintext") / 2); // two keys
        await tenant.UntilOpenAsync();
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        if (way.IsVersioned)
        {
            await S3Data.VersionAsync(s3, tenant.Bucket);
        }

        await S3Data.FillAsync(cloud, s3, tenant.Bucket);
        var before = await FindAsync(s3, tenant.Bucket);
        using var binding = new FollowedBinding(cluster, space);
        using var workload = new S3Workload(cloud);
        var traffic = new Traffic(binding, workload, overlap, makesNames: true);
        traffic.Start(S3Data.ToRead(before.Standing));

        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = way.Call });
        await tenant.PatchStoreAsync("""{"spec":{"keyRef":{"name":"second"}}}""");
        var bucket = await replicas.KillUntilAsync(space, (MovedStore.Kills, MovedStore.Batch),
            store => MovedStore.Changed(store, second));
        cloud.Admin.SetKeyState(first, "Disabled");
        await MovedStore.ShouldNotMindAsync(cluster.Administrator, space, "key", "Open");
        await traffic.StopAsync();

        TestContext.Current.SendDiagnosticMessage(
            $"{way.Engine}: {replicas}; {before.Standing.Count} versions, the largest of {S3Data.Bytes:#,0} bytes; "
                + $"{traffic}; {Load.Now}");
        ((string?)(await tenant.StatusAsync())["reencryption"]!["engine"]).ShouldBe(way.Engine);
        traffic.ShouldHaveRead();
        traffic.ShouldHaveWritten(way.Engine == "Move" ? "AccessDenied" : null);
        var after = await FindAsync(s3, bucket);
        after.Standing.Select(one => one.Content).ShouldBe(before.Standing.Select(one => one.Content));
        after.All.Where(one => one.Digest is not null).ShouldAllBe(one => one.KeyId == second);
        traffic.ShouldStand(after.All, way.IsVersioned);
        return (before, after);
    }

    private static async Task<string> AddKeyAsync(LocalCloudServer cloud, TenantScene tenant, string name, Way way)
    {
        var arn = await AwsScene.CreateKeyAsync(cloud, way.Account, "--tenant-name", tenant.Space, "--data-role",
            LocalCloudAccounts.WorkloadRole);
        await tenant.ApplyKeyAsync(name, arn, "probeInterval: 2s, maxStaleness: 1h");
        return arn;
    }

    private static async Task<Found> FindAsync(Amazon.S3.AmazonS3Client s3, string bucket) =>
        new(bucket, await S3Data.VersionsAsync(s3, bucket, ""));

    /// <param name="Account">Of both keys.</param>
    /// <param name="Engine">As status names it.</param>
    /// <param name="Call">Puts an object under the new key.</param>
    private sealed record Way(string Account, bool IsVersioned, string Engine, string Call);

    /// <param name="All">The operator's own marks too.</param>
    private sealed record Found(string Bucket, IReadOnlyList<StoredVersion> All)
    {
        /// <summary>What nobody writes to while the key changes.</summary>
        public IReadOnlyList<StoredVersion> Standing { get; } = S3Data.Standing(All);
    }
}
