using FakeApiServer;

// fakeapiserver [PORT] [CRD.yaml ...]: serves until ended, and prints a kubeconfig.
await using var server = await FakeApiServerHost.StartAsync(args.Length > 0
    ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 0);
foreach (var file in args.Skip(1))
{
    server.RegisterDefinitions(await File.ReadAllTextAsync(file));
}

Console.Write(server.Kubeconfig);
var end = new TaskCompletionSource();
using var stop = System.Runtime.InteropServices.PosixSignalRegistration
    .Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => { signal.Cancel =
        true; end.TrySetResult(); });
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; end.TrySetResult(); };
await end.Task;
