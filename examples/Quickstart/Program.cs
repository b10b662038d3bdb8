using ByokOperator.Hosting;
using Kube.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

// dotnet run --project examples/Quickstart [-- --kubeconfig FILE] [--namespace NAME] [--verbose]
string? Value(string flag) =>
    Array.IndexOf(args, flag) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
if (args.Contains("--help"))
{
    Console.WriteLine(
        "quickstart [--kubeconfig FILE] [--namespace NAME] [--verbose]: the main job, on embedded servers or on a "
            + "cluster whose CRDs are applied");
    return 0;
}

var narrator = new Narrator();
using ILoggerFactory logs = args.Contains("--verbose") ? Launch.Logs() : NullLoggerFactory.Instance;
try
{
    await using var stage = await Stage.SetAsync(Value("--kubeconfig"), logs);
    narrator.Step(
        $"embedded cloud at {stage.Cloud.Url}{(args.Contains("--kubeconfig") ? "" : ", embedded API server")}");
    stage.StartOperator(logs);
    var first = Value("--namespace") ?? "tenant-acme";
    var second = Value("--namespace") is null ? "tenant-bolt" : $"{first}-2";
    var third = Value("--namespace") is null ? "tenant-cove" : $"{first}-3";
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
catch (Exception failed)
    when (failed is TimeoutException or InvalidOperationException or KubeException or HttpRequestException
        or Amazon.Runtime.AmazonServiceException)
{
    await Console.Error.WriteLineAsync($"quickstart: {failed.Message}");
    return 1;
}
