using System.Diagnostics.Metrics;
using Kube.Core;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Wrapping;

/// <summary>
/// Sees to it, on the leader, that there is a wrapping key to hand out, that the public half says which, and that a key
/// goes when nothing wrapped with it may open any more. Each round derives what to do from what stands.
/// </summary>
public sealed partial class WrappingKeeper(
    PlatformKeys keys, LeadershipFence fence, TimeProvider time, ILogger<WrappingKeeper> logger) : IRunnable
{
    /// <summary>Far below any margin, and two reads a time.</summary>
    private static readonly TimeSpan round = TimeSpan.FromHours(1);

    private static readonly TimeSpan retry = TimeSpan.FromSeconds(30);

    private static readonly Meter meter = ImportMeter.Meter;

    private static readonly Gauge<long> expiry = meter.CreateGauge<long>(
        "byok.wrapping_key.expiry.timestamp", "s",
        "When the newest wrapping key ends, as Unix time; it is renewed long before.");

    public string Name => "wrapping keys";

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var pause = round;
            try
            {
                pause = await KeepAsync(cancellation) ? round : retry;
            }
            catch (Exception failed) when (failed is KubeException or LeadershipLostException)
            {
                LogFailed(failed.Message);
                pause = retry;
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <returns>Whether there is one that need not be renewed yet.</returns>
    public async Task<bool> KeepAsync(CancellationToken cancellation)
    {
        var standing = await keys.ReadAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            Tell(standing); // first: where no successor can be made, its end is what somebody has to know
            if (IsDue(standing, now))
            {
                standing = await RenewAsync(standing, now, cancellation);
                Tell(standing);
            }

            if (standing is [var newest, ..])
            {
                await keys.PublishAsync(newest, cancellation);
            }

            foreach (var old in standing.Skip(1).Where(key => key.NotAfter + keys.Options.Overlap <= now))
            {
                fence.ThrowIfLost();
                await keys.RemoveAsync(old, cancellation);
                LogRemoved(old.Metadata.Key, old.Id);
            }

            return !IsDue(standing, now);
        }
        finally
        {
            PlatformKey.Dispose(standing);
        }
    }

    private static void Tell(IReadOnlyList<PlatformKey> standing)
    {
        if (standing is [var newest, ..])
        {
            expiry.Record(newest.NotAfter.ToUnixTimeSeconds());
        }
    }

    private async Task<IReadOnlyList<PlatformKey>> RenewAsync(
        IReadOnlyList<PlatformKey> standing, DateTimeOffset now, CancellationToken cancellation)
    {
        var generation = await keys.LastGenerationAsync(cancellation) + 1;
        var made = await Task.Run(() => WrappingSecret.Make(keys.Options, generation, now), cancellation);
        fence.ThrowIfLost();
        if (await keys.TryAddAsync(made, cancellation))
        {
            LogMade(made.Metadata.Key);
        }

        PlatformKey.Dispose(standing);
        var renewed = await keys.ReadAsync(cancellation);
        if (IsDue(renewed, now))
        {
            LogTaken(made.Metadata.Key);
        }

        return renewed;
    }

    private bool IsDue(IReadOnlyList<PlatformKey> standing, DateTimeOffset now) =>
        standing is not [var newest, ..] || newest.NotAfter - keys.Options.RenewBefore <= now;
}
