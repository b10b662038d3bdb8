using ByokOperator.Importing.Requests;
using ByokOperator.Importing.Serving;
using ByokOperator.Importing.Wrapping;
using Kube.Client;
using Kube.Runtime.Hosting;
using Kube.Runtime.Leading;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Puts together what imports need beside the keys' reconciles: the platform's wrapping key, requests with their pairs, and the API where it is asked for.</summary>
internal sealed class ImportParts : IDisposable
{
    private readonly TimeProvider time;
    private readonly RequestOptions requestOptions;
    private readonly PlatformKeys platform;
    private readonly KeyPairs pairs;
    private readonly Doorkeeper? doorkeeper;

    public ImportParts(KubeClient kube, OperatorOptions options, TimeProvider time, ILoggerFactory logs)
    {
        this.time = time;
        var settings = options.Imports;
        requestOptions = new RequestOptions { Namespace = options.Namespace };
        platform = new PlatformKeys(kube, new WrappingOptions { Namespace = options.Namespace, Name = settings.WrappingName, Validity = settings.WrappingValidity });
        pairs = new KeyPairs(settings.PairsAhead);
        Wrapping = new WrappingKeys(platform, time);
        Requests = new ImportRequests(kube, requestOptions, platform, pairs, time);
        if (settings.Listen.Length > 0)
        {
            var serving = Serving(options.Namespace, settings);
            doorkeeper = new Doorkeeper(serving);
            var reception = new Reception(kube, serving, doorkeeper, time, logs.CreateLogger<Reception>());
            Server = new ImportServer(serving, reception, new ImportCalls(kube, Requests, time), Tls(serving, time, logs));
        }
    }

    public IWrappingKeys Wrapping { get; }

    public ImportRequests Requests { get; }

    /// <summary>Null where no API is asked for.</summary>
    public ImportServer? Server { get; }

    /// <summary>Every replica serves the API; the leader sees to a wrapping key to hand out, and to the end of old requests.</summary>
    /// <param name="led">Asks for leave before each write.</param>
    public void AddTo(Manager manager, KubeClient led, LeadershipFence fence, ILoggerFactory logs)
    {
        manager
            .AddLed(new WrappingKeeper(new PlatformKeys(led, platform.Options), fence, time, logs.CreateLogger<WrappingKeeper>()))
            .AddLed(new RequestSweep(led, requestOptions, fence, time, logs.CreateLogger<RequestSweep>()));
        if (Server is not null)
        {
            manager.AddBeside(pairs).AddBeside(Server);
        }
    }

    public void Dispose()
    {
        pairs.Dispose();
        doorkeeper?.Dispose();
    }

    private static ServingOptions Serving(string ns, ImportSettings settings) => new()
    {
        Listen = settings.Listen,
        CertificateFile = settings.TlsCertificate,
        KeyFile = settings.TlsKey,
        Namespace = ns,
        TenantPerSecond = settings.CallsPerSecond,
        TenantBurst = settings.CallsPerSecond * 4,
    };

    private static TlsFiles? Tls(ServingOptions serving, TimeProvider time, ILoggerFactory logs) =>
        serving is { CertificateFile: { } certificate, KeyFile: { } key } ? new TlsFiles(certificate, key, time, logs.CreateLogger<TlsFiles>()) : null;
}
