using Byok.Import.Requests;
using Byok.Import.Serving;
using Byok.Import.Wrapping;
using ByokOperator.Hosting;
using ImportProbe;
using Kube.Client;
using MaterialProbe;
using Microsoft.Extensions.Logging.Abstractions;

// Serves the import API and nothing else, so that its memory can be searched after imports: importprobe KUBECONFIG
// NAMESPACE WRAPPING-NAME BITS. On its input stands a control value, which is kept on purpose; it prints its address,
// and ends with its input.
const int ControlBytes = 32;
var input = Console.OpenStandardInput();
var control = new byte[ControlBytes];
input.ReadExactly(control);
var planted = SecretForms.Of(control);

var time = TimeProvider.System;
using var kube = new KubeClient(KubeConfig.Parse(await File.ReadAllTextAsync(args[0])));
var options = new ImportApiOptions
{
    Serving = new ServingOptions
    {
        Listen = "127.0.0.1:0",
        TenantBurst = 100_000,
        TenantPerSecond = 100_000,
        GuessesPerSecond = 1_000,
    },
    Requests = new RequestOptions { Namespace = args[1], MostPerDay = 1_000 },
    Wrapping = new WrappingOptions { Namespace = args[1], Name = args[2] },
    KeyPool = 4,
    KeyPairs = MadePairs.Of(int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture)),
};
using var api = new ImportApi(kube, new ImportTargets(kube), options, time, NullLoggerFactory.Instance);
using var stop = new CancellationTokenSource();
var running = Task.WhenAll(api.Server.RunAsync(stop.Token), api.Pool.RunAsync(stop.Token));
Console.WriteLine(await api.Server.Listening);
_ = input.ReadByte();
await stop.CancelAsync();
await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
GC.KeepAlive(control);
GC.KeepAlive(planted);
