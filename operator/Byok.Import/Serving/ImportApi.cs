using Byok.Import.Requests;
using Byok.Import.Wrapping;
using Kube.Client;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Serving;

/// <summary>
/// The whole of the import API, put together: its server and its pool of key pairs. It shares nothing with controllers
/// but the API server's Secrets: no queue, no cache, no limiter, no cloud.
/// </summary>
public sealed class ImportApi : IDisposable
{
    /// <param name="kube">With the rights of the API alone.</param>
    /// <param name="targets">What keys want.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="time">Of expiries; buckets have the machine's.</param>
    /// <param name="logs">Where each call is told.</param>
    public ImportApi(
        KubeClient kube, IImportTargets targets, ImportApiOptions options, TimeProvider time, ILoggerFactory logs)
    {
        Pool = new KeyPairPool(options.KeyPool, options.KeyPairs);
        var platform = new PlatformKeys(kube, options.Wrapping);
        var calls = new ImportCalls(kube, targets, new RequestIssuer(kube, options.Requests, platform, Pool, time),
            new RequestRedeemer(kube, options.Requests, platform, time), time);
        Server =
            new ImportServer(options.Serving, new ApiKeys(kube, options.Requests.Namespace, time), calls, time, logs);
    }

    public KeyPairPool Pool { get; }

    public ImportServer Server { get; }

    public void Dispose() => Pool.Dispose();
}
