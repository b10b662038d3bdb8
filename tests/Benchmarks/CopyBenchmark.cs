using Amazon.S3;
using Amazon.S3.Model;
using Byok.Copying;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;

namespace Benchmarks;

/// <summary>
/// The copy worker beside rclone, awscli and a loop of bare CopyObject calls, each into an empty bucket of the same
/// server under the same key, as processes that start cold; the loop runs here and is what the SDK alone takes.
/// </summary>
internal sealed class CopyBenchmark
{
    private const string Source = "bench-source";
    private const string Many = "many/";
    private const string Large = "large/";
    private const int RawConcurrency = 64;
    private const int AwscliAtOnce = 64;
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
        await ManyAsync(small ? 1000 : 10_000, small ? 1 : 3, cancellation);
        await LargeAsync(small ? 1 : 4, small ? 1 : 3, cancellation);
    }

    private static async Task<CopyBenchmark> PrepareAsync(CloudProcess cloud, CancellationToken cancellation)
    {
        using var aws = cloud.Connect();
        await cloud.CreateBucketAsync(Source, cancellation);
        return new CopyBenchmark(cloud, await cloud.CreateKeyAsync(aws, "bench", cancellation));
    }

    private static async Task ManyAsync(int count, int rounds, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation);
        var benchmark = await PrepareAsync(cloud, cancellation);
        await cloud.PutManyAsync(Source, Many, count, 64 * 1024, cancellation);
        List<CopyContender> contenders = [benchmark.Bare(Many), benchmark.Ours(Many, VerificationMode.Checksum),
            benchmark.Ours(Many, VerificationMode.Metadata)];
        contenders.AddRange(transfers.Select(one => benchmark.Rclone(Many, one, one)));
        contenders.AddRange(benchmark.Awscli(Many));
        var best = await benchmark.Race.RunAsync(contenders, rounds, cancellation);
        var rclone = best.Where(one => one.IsRclone).MinBy(one => one.Wall)!;
        var table = new Table(
            $"Copy of {count} × 64 KiB, best of {rounds} turns each", "contender", "objects/s", "server calls",
            "its own CPU, s", "server CPU, s", "of the bare loop", "of the best rclone", "goal");
        foreach (var one in best)
        {
            var ratio = rclone.Wall / one.Wall;
            table.Row(
                one.Name, Table.Number(count / one.Wall.TotalSeconds), $"{one.Calls}",
                Table.Number(one.OwnCpu.TotalSeconds), Table.Number(one.ServerCpu.TotalSeconds),
                Table.Number(best[0].Wall / one.Wall), Table.Number(ratio), one.IsOurs
                    ? Table.Judge(ratio, 2, atLeast: true) : "");
        }

        table.Print();
    }

    /// <summary>Where copies share no bytes: the bare loop is how fast this server reads and writes,
    /// with nothing in its way.</summary>
    private static async Task LargeAsync(int gibibytes, int rounds, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation, "--copies-move-bytes");
        var benchmark = await PrepareAsync(cloud, cancellation);
        await cloud.PutManyAsync(Source, Large, gibibytes, 1 << 30, cancellation);
        var best = await benchmark.Race.RunAsync(
            [benchmark.Bare(Large), benchmark.Ours(Large, VerificationMode.Checksum), benchmark.Rclone(Large, 4, 8),
                .. benchmark.Awscli(Large)], rounds, cancellation);
        var table = new Table(
            $"Copy of {gibibytes} × 1 GiB, each byte read and written, best of {rounds} turns each", "contender",
            "seconds", "MiB/s", "server calls", "its own CPU, s", "of the server's raw rate", "goal");
        foreach (var one in best)
        {
            var ratio = best[0].Wall / one.Wall;
            table.Row(
                one.Name, Table.Number(one.Wall.TotalSeconds), Table.Number(gibibytes * 1024 / one.Wall.TotalSeconds),
                $"{one.Calls}", Table.Number(one.OwnCpu.TotalSeconds),
                Table.Number(ratio), one.IsOurs ? Table.Judge(ratio, 0.9, atLeast: true) : "");
        }

        table.Print();
    }

    private CopyRace Race => new(cloud, (NewBucketAsync, cloud.RemoveBucketAsync));

    private async Task<string> NewBucketAsync(CancellationToken cancellation)
    {
        var name = $"bench-target-{++buckets}";
        await cloud.CreateBucketAsync(name, cancellation);
        return name;
    }

    private CopyContender Ours(string prefix, VerificationMode verification) =>
        new($"copy worker, {verification}", (target, cancellation) =>
        {
            var options = new CopyOptions
            {
                Source = source,
                Prefix = prefix,
                Target = new StoreRef(CloudProcess.Region, target),
                Key = key,
                Fingerprint = "bench",
                Verification = verification,
            };
            return CopyRace.TimeAsync(Fleet.OperatorFile, [.. options.ToArguments(), "--shard", "0"], cloud.Environment,
                cancellation);
        });

    private CopyContender Rclone(string prefix, int atOnce, int checkers) =>
        new($"rclone --transfers {atOnce} --checkers {checkers}", (target, cancellation) =>
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
            string[] arguments = ["copy", $"cloud:{Source}/{prefix}", $"cloud:{target}/{prefix}", "--transfers",
                $"{atOnce}", "--checkers", $"{checkers}"];
            return CopyRace.TimeAsync("rclone", arguments, environment, cancellation);
        });

    /// <summary>None where it is not installed.</summary>
    private IEnumerable<CopyContender> Awscli(string prefix) => !Child.IsOnPath("aws") ? [] :
    [
        new($"aws s3 cp, {AwscliAtOnce} at once", async (target, cancellation) =>
        {
            var config = Path.GetTempFileName();
            await File.WriteAllTextAsync(config,
                $"[default]\ns3 =\n  addressing_style = path\n  max_concurrent_requests = {AwscliAtOnce}\n",
                cancellation);
            var environment = cloud.Environment.Append(KeyValuePair.Create("AWS_CONFIG_FILE", config)).ToDictionary();
            string[] arguments =
            [
                "s3", "cp", "--recursive", "--only-show-errors",
                "--sse", "aws:kms", "--sse-kms-key-id", key.Id, $"s3://{Source}/{prefix}", $"s3://{target}/{prefix}",
            ];
            var took = await CopyRace.TimeAsync("aws", arguments, environment, cancellation);
            File.Delete(config);
            return took;
        })
        { IsSlow = true },
    ];

    private CopyContender Bare(string prefix) => new("bare CopyObject loop", async (target, cancellation) =>
    {
        using var s3 = cloud.S3();
        var keys = new List<string>();
        await foreach (var entry
            in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Source, Prefix = prefix }).S3Objects
                .WithCancellation(cancellation))
        {
            keys.Add(entry.Key);
        }

        return await CopyRace.LoopAsync(
            keys, RawConcurrency,
            async (name, stop) => await s3.CopyObjectAsync(
                new CopyObjectRequest
                {
                    SourceBucket = Source,
                    SourceKey = name,
                    DestinationBucket = target,
                    DestinationKey = name,
                    ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                    ServerSideEncryptionKeyManagementServiceKeyId = key.Id,
                },
                stop),
            cancellation);
    });
}
