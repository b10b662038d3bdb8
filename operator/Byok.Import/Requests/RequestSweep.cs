using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Requests;

/// <summary>Collects, on the leader, requests that nobody used in time used ones that were kept long enough,
/// and counts of days gone by.</summary>
public sealed partial class RequestSweep(
    KubeClient kube, RequestOptions options, LeadershipFence fence, TimeProvider time, ILogger<RequestSweep> logger)
        : IRunnable
{
    /// <summary>An expired request is refused whether it was collected or not: this is about tidiness.</summary>
    private static readonly TimeSpan round = TimeSpan.FromMinutes(10);

    /// <summary>So that a late upload is told that its token expired, and not that it is unknown.</summary>
    private static readonly TimeSpan retention = TimeSpan.FromHours(24);

    public string Name => "import requests";

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(cancellation);
            }
            catch (Exception failed) when (failed is KubeException or LeadershipLostException)
            {
                LogFailed(failed.Message);
            }

            await Task.Delay(round, time, cancellation);
        }
    }

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<ImportRequest> over = [];
        await foreach (var page in kube.Api<Secret>().ListAsync(RequestSecret.All(options.Namespace), cancellation))
        {
            over.AddRange(page.Items.Select(RequestSecret.Read).OfType<ImportRequest>()
                .Where(request => IsOver(request, now)));
        }

        foreach (var request in over)
        {
            fence.ThrowIfLost();
            await kube.Api<PartialObject<Secret>>().DeleteAsync(
                request.Metadata.Key,
                new DeleteOptions { Uid = request.Metadata.Uid, ResourceVersion = request.Metadata.ResourceVersion },
                cancellation);
            LogCollected(request.Id, request.For);
        }

        await SweepCountsAsync(now, cancellation);
    }

    private async Task SweepCountsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        List<ObjectMeta> over = [];
        await foreach (var page in kube.Api<Secret>().ListAsync(RequestCounter.All(options.Namespace), cancellation))
        {
            over.AddRange(page.Items.Where(count => RequestCounter.IsOver(count, now)).Select(count => count.Metadata));
        }

        foreach (var count in over)
        {
            fence.ThrowIfLost();
            await kube.Api<PartialObject<Secret>>()
                .DeleteAsync(count.Key, new DeleteOptions { Uid = count.Uid, ResourceVersion = count.ResourceVersion },
                    cancellation);
        }
    }

    private bool IsOver(ImportRequest request, DateTimeOffset now) =>
        request.UsedAt is { } used ? used + options.KeepUsed <= now : request.ExpiresAt + retention <= now;
}
