using ByokOperator.Importing.Requests;
using ByokOperator.Importing.Serving;
using ByokOperator.Importing.Wrapping;
using ImportProbe;
using Kube.Client;
using MaterialProbe;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

// Serves the import API and nothing else, so that its memory can be searched after imports: importprobe KUBECONFIG NAMESPACE WRAPPING-NAME BITS.
// On its input stands a control value, which is kept on purpose; it prints its address, and ends with its input.
const int ControlBytes = 32;
var input = Console.OpenStandardInput();
var control = new byte[ControlBytes];
input.ReadExactly(control);
var planted = SecretForms.Of(control);

var time = TimeProvider.System;
using var kube = new KubeClient(KubeConfig.Parse(await File.ReadAllTextAsync(args[0])));
using var pairs = new KeyPairs(4, MadePairs.Of(int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture)));
var options = new ServingOptions { Listen = "127.0.0.1:0", Namespace = args[1], TenantBurst = 100_000, TenantPerSecond = 100_000, StrangersPerSecond = 1_000 };
using var doorkeeper = new Doorkeeper(options);
var requests = new ImportRequests(
    kube, new RequestOptions { Namespace = args[1], MostOpen = 1_000 }, new PlatformKeys(kube, new WrappingOptions { Namespace = args[1], Name = args[2] }), pairs, time);
var reception = new Reception(kube, options, doorkeeper, time, NullLogger<Reception>.Instance);
var server = new ImportServer(options, reception, new ImportCalls(kube, requests, time), tls: null);
using var stop = new CancellationTokenSource();
var running = Task.WhenAll(server.RunAsync(stop.Token), pairs.RunAsync(stop.Token));
Console.WriteLine(await server.Listening);
_ = input.ReadByte();
await stop.CancelAsync();
await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
GC.KeepAlive(control);
GC.KeepAlive(planted);
