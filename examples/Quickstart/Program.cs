using System.Runtime.InteropServices;
using ByokOperator.Hosting;
using Kube.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

// dotnet run --project examples/Quickstart [-- --kubeconfig FILE] [--namespace NAME] [--verbose]
const int Interrupted = 130;
string? Value(string flag) =>
    Array.IndexOf(args, flag) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
if (args.Contains("--help"))
{
    Console.WriteLine(
        "quickstart [--kubeconfig FILE] [--namespace NAME] [--verbose]: the main job, on embedded servers or on a "
            + "cluster whose CRDs are applied; what it makes there goes again");
    return 0;
}

var narrator = new Narrator();
using ILoggerFactory logs = args.Contains("--verbose") ? Launch.Logs() : NullLoggerFactory.Instance;
var interrupted = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
void Interrupt(PosixSignalContext signal) =>
    signal.Cancel = interrupted.TrySetResult(Interrupted); // a second one ends the process
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
try
{
    await using var stage = await Stage.SetAsync(Value("--kubeconfig"), logs);
    return await await Task.WhenAny(TellAsync(stage), interrupted.Task);
}
catch (Exception failed)
    when (failed is TimeoutException or InvalidOperationException or KubeException or HttpRequestException
        or Amazon.Runtime.AmazonServiceException)
{
    await Console.Error.WriteLineAsync($"quickstart: {failed.Message}");
    return 1;
}

async Task<int> TellAsync(Stage stage)
{
    await stage.PrepareAsync();
    narrator.Step(
        $"embedded cloud at {stage.Cloud.Url}{(args.Contains("--kubeconfig") ? "" : ", embedded API server")}");
    stage.StartOperator(logs);
    var first = Value("--namespace") ?? $"{stage.NamePrefix}-acme";
    var second = Value("--namespace") is null ? $"{stage.NamePrefix}-bolt" : $"{first}-2";
    var third = Value("--namespace") is null ? $"{stage.NamePrefix}-cove" : $"{first}-3";
    await stage.EnsureNamespaceAsync(first);
    await stage.EnsureNamespaceAsync(second);
    await stage.EnsureNamespaceAsync(third);
    await Task.WhenAll(stage.GiveAsync(first), stage.GiveAsync(second), stage.GiveAsync(third));
    narrator.Step("the platform gave each tenant its namespace (a Tenant each): without one, nothing begins");
    var deviations = await new Story(stage, narrator, first).TellAsync();
    deviations = Math.Max(deviations, await new ImportStory(stage, narrator, second).TellAsync());
    using var vault = new VaultStory(stage, narrator, third);
    return Math.Max(deviations, await vault.TellAsync());
}
