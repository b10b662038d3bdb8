using ByokOperator.Importing.Requests;
using ByokOperator.Importing.Wrapping;
using Kube.Client;
using Kube.Runtime.Hosting;
using Kube.Runtime.Leading;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>What <c>run</c> has to do with imports: the platform's wrapping key, and requests as the keys' reconciles see them. No call is served here, and no request's pair is made.</summary>
internal sealed class ImportParts
{
    private readonly TimeProvider time;
    private readonly RequestOptions requestOptions;
    private readonly PlatformKeys platform;

    public ImportParts(KubeClient kube, OperatorOptions options, TimeProvider time)
    {
        this.time = time;
        requestOptions = new RequestOptions { Namespace = options.ImportNamespace };
        platform = new PlatformKeys(kube, new WrappingOptions { Namespace = options.ImportNamespace, Name = options.Imports.WrappingName, Validity = options.Imports.WrappingValidity });
        Wrapping = new WrappingKeys(platform, time);
        Requests = new ImportRequests(kube, requestOptions, platform, time);
    }

    public IWrappingKeys Wrapping { get; }

    public IImportRequests Requests { get; }

    /// <summary>The leader sees to a wrapping key to hand out, and to the end of old requests.</summary>
    /// <param name="manager">Runs them.</param>
    /// <param name="led">Asks for leave before each write.</param>
    /// <param name="fence">Whether we lead.</param>
    /// <param name="logs">Where they tell.</param>
    public void AddTo(Manager manager, KubeClient led, LeadershipFence fence, ILoggerFactory logs) => manager
        .AddLed(new WrappingKeeper(new PlatformKeys(led, platform.Options), fence, time, logs.CreateLogger<WrappingKeeper>()))
        .AddLed(new RequestSweep(led, requestOptions, fence, time, logs.CreateLogger<RequestSweep>()));
}
