using System.Diagnostics;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Copying;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;

namespace Benchmarks;

/// <summary>
/// The copy worker beside rclone and beside a loop of bare CopyObject calls, each into an empty bucket of the same server
/// under the same key, as processes that start cold; the loop runs here and gives the server's own ceiling.
/// </summary>
internal sealed class CopyBenchmark
{
    private const string Source = "bench-source";
    private const int RawConcurrency = 64;
    private static readonly int[] transfers = [16, 64, 128];
    private static readonly StoreRef source = new(CloudProcess.Region, Source);

    private readonly CloudProcess cloud;
    private readonly KeyRef key;
    private int buckets;

    private CopyBenchmark(CloudProcess cloud, KeyRef key)
    {
        this.cloud = cloud;
        this.key = key;
    }

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation);
        using var aws = cloud.Connect();
        var benchmark = new CopyBenchmark(cloud, await cloud.CreateKeyAsync(aws, cancellation));
        await cloud.CreateBucketAsync(Source, cancellation);
        var count = small ? 1000 : 10_000;
        await cloud.PutManyAsync(Source, "many/", count, 64 * 1024, cancellation);
        await benchmark.ManyAsync(count, small ? 1 : 3, cancellation);

        var gibibytes = small ? 1 : 4;
        for (var number = 0; number < gibibytes; number++)
        {
            await cloud.PutSparseAsync(Source, $"large/{number}", 1L << 30, number, cancellation);
        }

        await benchmark.LargeAsync(gibibytes, small ? 1 : 3, cancellation);
    }

    private async Task ManyAsync(int count, int rounds, CancellationToken cancellation)
    {
        var contenders = new List<CopyContender>
        {
            new("bare CopyObject loop", stop => RawAsync("many/", stop)),
            new("copy worker, Checksum", stop => OursAsync("many/", VerificationMode.Checksum, stop)),
            new("copy worker, Metadata", stop => OursAsync("many/", VerificationMode.Metadata, stop)),
        };
        contenders.AddRange(transfers.Select(one => new CopyContender($"rclone --transfers {one} --checkers {one}", stop => RcloneAsync("many/", one, one, stop))));
        var best = await new CopyRace(cloud).RunAsync(contenders, rounds, cancellation);
        var raw = best[0];
        var rclone = best.Skip(3).MinBy(one => one.Wall)!;
        var table = new Table(
            $"Copy of {count} × 64 KiB, best of {rounds} turns each", "contender", "objects/s", "server calls", "server CPU, s", "of the ceiling", "of the best rclone", "goal");
        foreach (var one in best)
        {
            var ratio = rclone.Wall / one.Wall;
            table.Row(
                one.Name, Table.Number(count / one.Wall.TotalSeconds), $"{one.Calls}", Table.Number(one.ServerCpu.TotalSeconds), Table.Number(raw.Wall / one.Wall), Table.Number(ratio),
                one.Name.StartsWith("copy worker", StringComparison.Ordinal) ? Table.Judge(ratio, 2, atLeast: true) : "");
        }

        table.Print();
    }

    private async Task LargeAsync(int gibibytes, int rounds, CancellationToken cancellation)
    {
        var best = await new CopyRace(cloud).RunAsync(
            [
                new("bare CopyObject loop", stop => RawAsync("large/", stop)),
                new("copy worker, Checksum", stop => OursAsync("large/", VerificationMode.Checksum, stop)),
                new("rclone --transfers 4", stop => RcloneAsync("large/", 4, 8, stop)),
            ],
            rounds,
            cancellation);
        var table = new Table($"Copy of {gibibytes} × 1 GiB, best of {rounds} turns each", "contender", "seconds", "MiB/s", "of the server's raw rate", "goal");
        foreach (var one in best)
        {
            var ratio = best[0].Wall / one.Wall;
            table.Row(
                one.Name, Table.Number(one.Wall.TotalSeconds), Table.Number(gibibytes * 1024 / one.Wall.TotalSeconds), Table.Number(ratio),
                one.Name.StartsWith("copy worker", StringComparison.Ordinal) ? Table.Judge(ratio, 0.9, atLeast: true) : "");
        }

        table.Print();
    }

    private async Task<string> NewBucketAsync(CancellationToken cancellation)
    {
        var name = $"bench-target-{++buckets}";
        await cloud.CreateBucketAsync(name, cancellation);
        return name;
    }

    private async Task<TimeSpan> OursAsync(string prefix, VerificationMode verification, CancellationToken cancellation)
    {
        var options = new CopyOptions
        {
            Source = source,
            Prefix = prefix,
            Target = new StoreRef(CloudProcess.Region, await NewBucketAsync(cancellation)),
            Key = key,
            Fingerprint = "bench",
            Verification = verification,
        };
        return await CopyRace.TimeAsync(Fleet.OperatorFile, [.. options.ToArguments(), "--shard", "0"], cloud.Environment, cancellation);
    }

    private async Task<TimeSpan> RcloneAsync(string prefix, int atOnce, int checkers, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_CLOUD_TYPE"] = "s3",
            ["RCLONE_CONFIG_CLOUD_PROVIDER"] = "Other",
            ["RCLONE_CONFIG_CLOUD_ENDPOINT"] = cloud.Url,
            ["RCLONE_CONFIG_CLOUD_REGION"] = CloudProcess.Region,
            ["RCLONE_CONFIG_CLOUD_ACCESS_KEY_ID"] = LocalCloudAccounts.OperatorAccessKey,
            ["RCLONE_CONFIG_CLOUD_SECRET_ACCESS_KEY"] = LocalCloudAccounts.OperatorSecret,
            ["RCLONE_CONFIG_CLOUD_NO_CHECK_BUCKET"] = "true",
            ["RCLONE_CONFIG_CLOUD_SERVER_SIDE_ENCRYPTION"] = "aws:kms",
            ["RCLONE_CONFIG_CLOUD_SSE_KMS_KEY_ID"] = key.Id,
        };
        string[] arguments =
        [
            "copy", $"cloud:{Source}/{prefix}", $"cloud:{await NewBucketAsync(cancellation)}/{prefix}",
            "--transfers", $"{atOnce}", "--checkers", $"{checkers}",
        ];
        return await CopyRace.TimeAsync("rclone", arguments, environment, cancellation);
    }

    private async Task<TimeSpan> RawAsync(string prefix, CancellationToken cancellation)
    {
        var target = await NewBucketAsync(cancellation);
        using var s3 = cloud.S3();
        var keys = new List<string>();
        await foreach (var entry in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Source, Prefix = prefix }).S3Objects.WithCancellation(cancellation))
        {
            keys.Add(entry.Key);
        }

        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = RawConcurrency, CancellationToken = cancellation }, async (name, stop) =>
            await s3.CopyObjectAsync(
                new CopyObjectRequest
                {
                    SourceBucket = Source,
                    SourceKey = name,
                    DestinationBucket = target,
                    DestinationKey = name,
                    ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                    ServerSideEncryptionKeyManagementServiceKeyId = key.Id,
                },
                stop));
        return clock.Elapsed;
    }
}
