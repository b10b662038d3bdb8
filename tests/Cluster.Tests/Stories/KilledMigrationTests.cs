using Amazon.S3;
using Amazon.S3.Model;
using Cluster.Tests.Moving;
using Cluster.Tests.Primitives;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>The main job on a real cluster while operators and copy pods are killed all the way through.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class KilledMigrationTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    /// <summary>Of this run alone: what another run left in the cluster must not stand in the way.</summary>
    private static readonly string shared = $"platform-backups-{Guid.NewGuid():N}";
    private const int Shards = 8;
    private const string Deleted = " deleted";
    private const long Large = 6L << 30;

    /// <summary>Copied before each kill: more than one worker holds at a time.</summary>
    private const int Batch = 40;

    /// <summary>While objects are copied; half as many on the rest of the way.</summary>
    private static readonly int kills = Asked.For("KILLS", 16);

    /// <summary>Half of them are left when the kills by batches are over.</summary>
    private static readonly int small = 2 * Batch * kills;

    [Fact]
    public async Task Nothing_is_lost_though_operators_and_copy_pods_are_killed_all_the_way()
    {
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { CallLogCapacity = 200_000 });
        using var s3 = AwsScene.S3(cloud, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
        await FillAsync(cloud, s3);
        var before = await ContentAsync(s3, shared, "acme/");
        var neighbours = await ContentAsync(s3, shared, "acme2/");
        await using var space = await cluster.NamespaceAsync("acme");
        await ApplyAsync(cloud, space.Name);

        cloud.Admin.ResetCalls();
        var turnstile = new Turnstile();
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await using var replicas = new KilledReplicas(cluster, () => cluster.StartCopyingOperator(cloud), turnstile,
            () => cloud.Admin.Count("kms", "GenerateDataKeyWithoutPlaintext"));
        var bucket = await replicas.KillUntilReadyAsync(space.Name, kills, Batch);
        var copies = cloud.Admin.Calls().Where(call => call.Operation == "CopyObject").ToList();
        var done = copies.Count(call => call.Status == 200);
        // whoever asked was killed: it may have been done all the same
        var unheard = copies.Count(call => call.ErrorCode == "ClientGone");
        // the large one goes by parts
        var wanted = before.Count(line => !line.EndsWith(Deleted, StringComparison.Ordinal)) - 1;
        TestContext.Current.SendDiagnosticMessage(
            $"{replicas}; {before.Count} versions, {wanted} copied in one call each, {done} such calls done and "
                + $"{unheard} more whose caller was killed; {Load.Now}");
        (await ContentAsync(s3, bucket, "acme/")).ShouldBe(before);
        (await ContentAsync(s3, shared, "acme2/")).ShouldBe(neighbours);
        (await ContentAsync(s3, shared, "acme/")).ShouldBeEmpty();
        ((double)done).ShouldBeLessThanOrEqualTo(wanted * 1.05);
        (done + unheard).ShouldBeGreaterThanOrEqualTo(wanted);
    }

    private static async Task FillAsync(LocalCloudServer cloud, AmazonS3Client s3)
    {
        cloud.Admin.CreateBucket(shared, AwsScene.Region, LocalCloudAccounts.Platform);
        await S3Data.VersionAsync(s3, shared);
        await Parallel.ForAsync(0, small, async (number, cancellation) => await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = shared,
                Key = $"acme/many/{number:0000}",
                ContentBody = $"backup {number}",
            },
            cancellation));
        await S3Data.PutLargeAsync(cloud, s3, (shared, "acme/large.bin"), Large);
        foreach (var (key, content) in ((string, string)[])[("acme/empty", ""), ("acme/ünï/cødé ☃.txt", "unicode"),
            ("acme/v", "1"), ("acme/v", "2"), ("acme/v", "3"), ("acme2/neighbour", "mine")])
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = shared, Key = key, ContentBody = content });
        }

        await s3.PutObjectAsync(
            new PutObjectRequest { BucketName = shared, Key = "acme/gone", ContentBody = "was here" });
        await s3.DeleteObjectAsync(shared, "acme/gone");
    }

    private static async Task<List<string>> ContentAsync(AmazonS3Client s3, string bucket, string prefix) =>
        [.. (await S3Data.VersionsAsync(s3, bucket, prefix)).Select(version => version.Content)];

    private async Task ApplyAsync(LocalCloudServer cloud, string space)
    {
        await cluster.GiveCredentialsAsync();
        await new TenantScene(cluster, cloud, space).ApplyAsync(
            "probeInterval: 2s, maxStaleness: 5m",
            $", shared: {{aws: {{bucket: {shared}, prefix: acme/}}}}, migration: {{parallelism: {Shards}}}");
    }
}
