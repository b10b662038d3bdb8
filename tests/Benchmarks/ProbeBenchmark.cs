using System.Diagnostics;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Benchmarks;

/// <summary>What a proof of a key costs beside the two SDK calls that it consists of.</summary>
internal static class ProbeBenchmark
{
    private const double Goal = 1.5;
    private static readonly Dictionary<string, string> context = new() { ["byok.dev/tenant"] = "bench/acme" };

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        await using var cloud = await CloudProcess.StartAsync(cancellation);
        using var aws = cloud.Connect();
        using var kms = cloud.Kms();
        var key = await cloud.CreateKeyAsync(aws, context["byok.dev/tenant"], cancellation);
        var canary = (await aws.Keys.ProveAsync(key, context, null, cancellation)).Canary!;
        Task Prove() => ProveAsync(aws.Keys, key, canary, cancellation);
        Task Bare() => BareAsync(kms, key, canary, cancellation);

        var rounds = small ? 4 : 20;
        var each = small ? 100 : 250;
        await MeasureAsync(Prove, each * 2);
        await MeasureAsync(Bare, each * 2);
        var (ours, theirs) = (default(Cost), default(Cost));
        for (var round = 0; round < rounds; round++)
        {
            // Turn and turn about, so that a busy minute of the machine falls on both.
            if (round % 2 == 0)
            {
                ours += await MeasureAsync(Prove, each);
                theirs += await MeasureAsync(Bare, each);
            }
            else
            {
                theirs += await MeasureAsync(Bare, each);
                ours += await MeasureAsync(Prove, each);
            }
        }

        var count = rounds * each;
        new Table($"Probe: {count} proofs of a key beside {count} pairs of Decrypt and GenerateDataKeyWithoutPlaintext",
            "per probe", "ProveAsync", "bare SDK", "ratio", "goal")
            .Row("CPU, µs", Table.Number(ours.Cpu.TotalMicroseconds / count),
                Table.Number(theirs.Cpu.TotalMicroseconds / count), Table.Number(ours.Cpu / theirs.Cpu),
                Table.Judge(ours.Cpu / theirs.Cpu, Goal, atLeast: false))
            .Row("wall, µs", Table.Number(ours.Wall.TotalMicroseconds / count),
                Table.Number(theirs.Wall.TotalMicroseconds / count), Table.Number(ours.Wall / theirs.Wall), "")
            .Row("allocated, KiB", Table.Number(ours.Bytes / 1024.0 / count),
                Table.Number(theirs.Bytes / 1024.0 / count), Table.Number((double)ours.Bytes / theirs.Bytes), "")
            .Print();
    }

    private static async Task ProveAsync(ITenantKeys keys, KeyRef key, Canary canary, CancellationToken cancellation)
    {
        var proof = await keys.ProveAsync(key, context, canary, cancellation);
        if (proof.Verdict != KeyVerdict.Usable)
        {
            throw new InvalidOperationException($"the key must be usable: {proof.Message}");
        }
    }

    private static async Task BareAsync(
        AmazonKeyManagementServiceClient kms, KeyRef key, Canary canary, CancellationToken cancellation)
    {
        await kms.DecryptAsync(
            new DecryptRequest
            {
                KeyId = key.Id,
                CiphertextBlob = new MemoryStream(canary.Ciphertext.ToArray(), writable: false),
                EncryptionContext = new(context),
            }, cancellation);
        await kms.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = key.Id,
                KeySpec = DataKeySpec.AES_256,
                EncryptionContext = new(context),
            }, cancellation);
    }

    private static async Task<Cost> MeasureAsync(Func<Task> act, int times)
    {
        var (cpu, bytes, clock) =
            (System.Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        for (var time = 0; time < times; time++)
        {
            await act();
        }

        return new Cost(System.Environment.CpuUsage.TotalTime - cpu, clock.Elapsed,
            GC.GetTotalAllocatedBytes() - bytes);
    }

    private readonly record struct Cost(TimeSpan Cpu, TimeSpan Wall, long Bytes)
    {
        public static Cost operator +(Cost left, Cost right) =>
            new(left.Cpu + right.Cpu, left.Wall + right.Wall, left.Bytes + right.Bytes);
    }
}
