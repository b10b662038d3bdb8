using ByokOperator.Importing.Requests;
using ByokOperator.Importing.Wrapping;
using Kube.Client;
using Kube.Runtime.Hosting;
using Kube.Runtime.Leading;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what imports need beside the keys' reconciles: the platform's wrapping key, and requests with their pairs.</summary>
internal sealed class ImportParts : IDisposable
{
    /// <summary>Pairs made ahead: making one takes a second or two of a core, and a tenant waits for it.</summary>
    private const int PairsAhead = 2;

    private readonly KubeClient kube;
    private readonly TimeProvider time;
    private readonly RequestOptions requests;
    private readonly PlatformKeys platform;

    public ImportParts(KubeClient kube, OperatorOptions options, TimeProvider time)
    {
        this.kube = kube;
        this.time = time;
        requests = new RequestOptions { Namespace = options.Namespace };
        platform = new PlatformKeys(kube, new WrappingOptions { Namespace = options.Namespace });
        Pairs = new KeyPairs(PairsAhead);
        Wrapping = new WrappingKeys(platform, time);
        Requests = new ImportRequests(kube, requests, platform, Pairs, time);
    }

    public IWrappingKeys Wrapping { get; }

    public ImportRequests Requests { get; }

    /// <summary>Runs only where requests are handed out.</summary>
    public KeyPairs Pairs { get; }

    /// <summary>What the leader sees to: a wrapping key to hand out, and the end of old requests.</summary>
    public void AddTo(Manager manager, LeadershipFence fence, ILoggerFactory logs) => manager
        .AddLed(new WrappingKeeper(platform, fence, time, logs.CreateLogger<WrappingKeeper>()))
        .AddLed(new RequestSweep(kube, requests, fence, time, logs.CreateLogger<RequestSweep>()));

    public void Dispose() => Pairs.Dispose();
}
