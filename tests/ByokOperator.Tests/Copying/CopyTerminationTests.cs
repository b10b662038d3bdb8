using Amazon.S3.Model;
using Byok.Copying;
using ByokOperator.Tests.Hosting;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using LocalCloud.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Copying;

/// <summary>The worker as a pod runs it, told to stop as the kubelet tells it.</summary>
public sealed class CopyTerminationTests
{
    private const string Source = "platform-backups";
    private const int Objects = 12;

    [Fact]
    public async Task A_worker_told_to_stop_finishes_what_it_has_in_hand_and_writes_it_down()
    {
        await using var stage = await Quickstart.Stage.SetAsync(null, NullLoggerFactory.Instance);
        var cloud = stage.Cloud.Admin;
        var key =
            new KeyRef(Quickstart.Stage.Region, cloud.CreateKey(LocalCloudAccounts.Tenant, Quickstart.Stage.Region));
        cloud.SetKeyPolicy(key.Id, stage.Aws.Policies.RequiredPolicy(key));
        cloud.CreateBucket(Source, Quickstart.Stage.Region, LocalCloudAccounts.Platform);
        var target = new StoreSpec(new StoreRef(Quickstart.Stage.Region, "target"), "uid-1", key, BucketKey: false,
            Versioned: false);
        await stage.Aws.Stores.PrepareAsync(target, CancellationToken.None);
        using var writer = stage.S3(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret);
        for (var number = 0; number < Objects; number++)
        {
            await writer.PutObjectAsync(
                new PutObjectRequest { BucketName = Source, Key = $"acme/{number:D2}", ContentBody = "x" });
        }

        // Longer than the 2 s that a command line gives by itself, shorter than the worker's own timeout.
        var slow = cloud.AddFault(
            new FaultRule(new FaultEffect.Delay(TimeSpan.FromSeconds(5))) { Service = "s3", Operation = "CopyObject" });
        var order = new CopyOptions
        {
            Source = target.Store with { Name = Source },
            Prefix = "acme/",
            Target = target.Store,
            Key = key,
            Fingerprint = "bulk-1",
        };

        using var worker = OperatorProcess.Start(stage.Cloud, new Dictionary<string, string>(),
            [.. order.ToArguments(), "--shard", "0"]);
        while (cloud.FaultStrikes(slow) < Objects && !worker.HasExited)
        {
            await Task.Delay(20);
        }

        await worker.TerminateAsync();
        (await worker.ExitCodeAsync()).ShouldBe((int)CopyExit.Terminated);

        var tail = await new ManifestReader(stage.Aws.Objects, target.Store, "bulk-1",
            0).FindTailAsync(CancellationToken.None);
        tail.Counts.Versions.ShouldBe(Objects);
    }
}
