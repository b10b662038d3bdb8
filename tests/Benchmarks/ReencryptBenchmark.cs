using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Reencrypting;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;

namespace Benchmarks;

/// <summary>
/// The worker that puts what stands in a bucket under another key, in place, beside a loop of the same bare call on the
/// same objects: to and fro between two keys of the bucket's account. The worker is a process that starts cold, looks
/// at each object before, and then at all of them once more: that pass is what lets the old key go.
/// </summary>
internal sealed class ReencryptBenchmark(CloudProcess cloud, IReadOnlyList<KeyRef> keys)
{
    private const string Bucket = "bench-store";
    private const string Prefix = "many/";
    private const int RawConcurrency = 64;

    private int turns;

    private KeyRef Key => keys[turns % 2];

    private KeyRef Old => keys[(turns + 1) % 2];

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var (count, rounds) = small ? (1000, 1) : (10_000, 3);
        await using var cloud = await CloudProcess.StartAsync(cancellation);
        using var aws = cloud.Connect();
        await cloud.CreateBucketAsync(Bucket, cancellation);
        await cloud.PutManyAsync(Bucket, Prefix, count, 64 * 1024, cancellation);
        var benchmark = new ReencryptBenchmark(cloud,
            [await KeyAsync(cloud, aws, cancellation), await KeyAsync(cloud, aws, cancellation)]);
        await benchmark.BareAsync(cancellation); // they were made under none of the two
        var best = await new CopyRace(cloud, (benchmark.TurnAsync, (_, _) => Task.CompletedTask)).RunAsync(
            [
                new CopyContender("bare UpdateObjectEncryption loop", (_, stop) => benchmark.BareAsync(stop)),
                new CopyContender("re-encryption worker, Update", (_, stop) => benchmark.OursAsync(stop)),
            ],
            rounds, cancellation);
        var table = new Table(
            $"Re-encryption in place of {count} objects, best of {rounds} turns each", "contender", "objects/s",
            "server calls", "its own CPU, s", "server CPU, s", "rate, of the bare loop", "CPU, of the bare loop");
        foreach (var one in best)
        {
            table.Row(
                one.Name, Table.Number(count / one.Wall.TotalSeconds), $"{one.Calls}",
                Table.Number(one.OwnCpu.TotalSeconds), Table.Number(one.ServerCpu.TotalSeconds),
                Table.Number(best[0].Wall / one.Wall), Table.Number(one.OwnCpu / best[0].OwnCpu));
        }

        table.Print();
    }

    private static Task<KeyRef> KeyAsync(
        CloudProcess cloud, Cloud.Aws.AwsCloud aws, CancellationToken cancellation) =>
        cloud.CreateKeyAsync(aws, "bench", cancellation, LocalCloudAccounts.Platform);

    /// <summary>Everything stands under the key of the turn before.</summary>
    private Task<string> TurnAsync(CancellationToken cancellation)
    {
        turns++;
        return Task.FromResult(Key.Id);
    }

    private Task<(TimeSpan Wall, TimeSpan Cpu)> OursAsync(CancellationToken cancellation)
    {
        var options = new ReencryptionOptions
        {
            Store = new StoreRef(CloudProcess.Region, Bucket),
            Key = Key,
            OldKeys = [Old.Id],
            Engine = ReencryptionEngine.Update,
            Fingerprint = $"bench{turns}",
        };
        return CopyRace.TimeAsync(Fleet.OperatorFile, [.. options.ToArguments(), "--shard", "0"], cloud.Environment,
            cancellation);
    }

    private async Task<(TimeSpan Wall, TimeSpan Cpu)> BareAsync(CancellationToken cancellation)
    {
        using var s3 = cloud.S3();
        var names = new List<string>();
        await foreach (var entry
            in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, Prefix = Prefix }).S3Objects
                .WithCancellation(cancellation))
        {
            names.Add(entry.Key);
        }

        return await CopyRace.LoopAsync(names, RawConcurrency, (name, stop) => s3.UpdateObjectEncryptionAsync(
            new UpdateObjectEncryptionRequest
            {
                BucketName = Bucket,
                Key = name,
                ObjectEncryption = new ObjectEncryption { SSEKMS = new SSEKMSEncryption { KMSKeyArn = Key.Id } },
            },
            stop), cancellation);
    }
}
