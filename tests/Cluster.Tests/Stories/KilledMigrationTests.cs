using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
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
        var before = await ManifestAsync(s3, shared, "acme/");
        var neighbours = await ManifestAsync(s3, shared, "acme2/");
        await using var space = await cluster.NamespaceAsync("acme");
        await ApplyAsync(cloud, space.Name);

        cloud.Admin.ResetCalls();
        var turnstile = new Turnstile();
        cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });
        await using var replicas = new KilledReplicas(cluster, () => Start(cloud), turnstile,
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
        (await ManifestAsync(s3, bucket, "acme/")).ShouldBe(before);
        (await ManifestAsync(s3, shared, "acme2/")).ShouldBe(neighbours);
        (await ManifestAsync(s3, shared, "acme/")).ShouldBeEmpty();
        ((double)done).ShouldBeLessThanOrEqualTo(wanted * 1.05);
        (done + unheard).ShouldBeGreaterThanOrEqualTo(wanted);
    }

    private static async Task FillAsync(LocalCloudServer cloud, AmazonS3Client s3)
    {
        cloud.Admin.CreateBucket(shared, AwsScene.Region, LocalCloudAccounts.Platform);
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest
        {
            BucketName = shared,
            VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
        });
        await Parallel.ForAsync(0, small, async (number, cancellation) => await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = shared,
                Key = $"acme/many/{number:0000}",
                ContentBody = $"backup {number}",
            },
            cancellation));
        await PutLargeAsync(cloud, s3);
        foreach (var (key, content) in ((string, string)[])[("acme/empty", ""), ("acme/ünï/cødé ☃.txt", "unicode"),
            ("acme/v", "1"), ("acme/v", "2"), ("acme/v", "3"), ("acme2/neighbour", "mine")])
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = shared, Key = key, ContentBody = content });
        }

        await s3.PutObjectAsync(
            new PutObjectRequest { BucketName = shared, Key = "acme/gone", ContentBody = "was here" });
        await s3.DeleteObjectAsync(shared, "acme/gone");
    }

    /// <summary>Sparse content, put together by parts: what S3 holds of that size came by parts too.</summary>
    private static async Task PutLargeAsync(LocalCloudServer cloud, AmazonS3Client s3)
    {
        const long Part = 1L << 30;
        cloud.Admin.PutSparse(shared, "seed/large.bin", Large, 3);
        var upload = (await s3.InitiateMultipartUploadAsync(shared, "acme/large.bin")).UploadId;
        List<PartETag> parts = [];
        for (var at = 0L; at < Large; at += Part)
        {
            var part = await s3.CopyPartAsync(new CopyPartRequest
            {
                SourceBucket = shared,
                SourceKey = "seed/large.bin",
                DestinationBucket = shared,
                DestinationKey = "acme/large.bin",
                UploadId = upload,
                PartNumber = parts.Count + 1,
                FirstByte = at,
                LastByte = at + Part - 1,
            });
            parts.Add(new PartETag(parts.Count + 1, part.ETag));
        }

        await s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = shared,
                Key = "acme/large.bin",
                UploadId = upload,
                PartETags = parts,
            });
    }

    /// <summary>Key by key, oldest version first: what each one holds.</summary>
    private static async Task<List<string>> ManifestAsync(AmazonS3Client s3, string bucket, string prefix)
    {
        List<S3ObjectVersion> versions = [];
        var request = new ListVersionsRequest { BucketName = bucket, Prefix = prefix };
        ListVersionsResponse page;
        do
        {
            page = await s3.ListVersionsAsync(request);
            versions.AddRange(page.Versions ?? []);
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        while (page.IsTruncated == true);

        var lines = new List<string>(versions.Count);
        foreach (var version in Enumerable.Reverse(versions))
        {
            lines.Add(version.IsDeleteMarker == true ? version.Key + Deleted
                : $"{version.Key} {await HashAsync(s3, bucket, version)}");
        }

        return lines;
    }

    private static async Task<string> HashAsync(AmazonS3Client s3, string bucket, S3ObjectVersion version)
    {
        using var answer = await s3.GetObjectAsync(
            new GetObjectRequest { BucketName = bucket, Key = version.Key, VersionId = version.VersionId });
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(answer.ResponseStream));
    }

    private async Task ApplyAsync(LocalCloudServer cloud, string space)
    {
        await cluster.Administrator.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: byok-aws, namespace: {{OperatorManifests.Namespace}}}
            stringData:
              AWS_ACCESS_KEY_ID: {{LocalCloudAccounts.OperatorAccessKey}}
              AWS_SECRET_ACCESS_KEY: {{LocalCloudAccounts.OperatorSecret}}
            """);
        await new TenantScene(cluster, cloud, space).ApplyAsync(
            "probeInterval: 2s, maxStaleness: 5m",
            $", shared: {{aws: {{bucket: {shared}, prefix: acme/}}}}, migration: {{parallelism: {Shards}}}");
    }

    private ChildProcess Start(LocalCloudServer cloud) => cluster.StartOperator(
        cloud, RealCluster.OperatorImage, "--image-pull-policy", "Never", "--copy-host-network",
        "--copy-env-from-secret", "byok-aws", "--copy-cpu", "10m", "--lease-duration", "5s");
}
