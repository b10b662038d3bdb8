using System.Threading.Channels;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Hosting;
using Kube.Runtime.LeaderElection;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Requests;

/// <summary>
/// Publishes, on the leader, how many import requests each tenant may make: when a Tenant changed, and once in a while,
/// so that what somebody else changed or removed comes right again.
/// </summary>
/// <param name="kube">Asks for leave before each write.</param>
/// <param name="ns">The import API's.</param>
/// <param name="limits">As the platform's word is at that moment, by namespace.</param>
/// <param name="time">Of the rounds.</param>
/// <param name="logger">Where it tells.</param>
public sealed partial class LimitKeeper(
    KubeClient kube,
    string ns,
    Func<IEnumerable<KeyValuePair<string, TenantLimit>>> limits,
    TimeProvider time,
    ILogger<LimitKeeper> logger) : IRunnable
{
    private static readonly TimeSpan round = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan retry = TimeSpan.FromSeconds(30);

    /// <summary>A thousand Tenants applied one after the other are published a few times, not a thousand.</summary>
    private static readonly TimeSpan settle = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> stirred = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public string Name => "import limits";

    /// <summary>A Tenant is another than before.</summary>
    public void Stir() => stirred.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var pause = round;
            try
            {
                await PublishAsync(cancellation);
            }
            catch (Exception failed) when (failed is KubeException or LeadershipLostException)
            {
                LogFailed(failed.Message);
                pause = retry;
            }

            await WaitAsync(pause, cancellation);
        }
    }

    /// <summary>Writes only where what stands says something else.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        var wanted = PublishedLimits.Build(ns, limits());
        var api = kube.Api<ConfigMap>();
        if (!PublishedLimits.Says(await api.TryGetAsync(wanted.Metadata.Key, cancellation), wanted))
        {
            await api.ApplyAsync(wanted, ImportObjects.FieldManager, cancellation);
            LogPublished(wanted.Data!.Count - 1);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await stirred.Reader.ReadAsync(either.Token);
            await Task.Delay(settle, time, cancellation);
            stirred.Reader.TryRead(out _);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing changed: a round like any other.
        }
    }
}
