using System.CommandLine;
using ByokOperator.Api;
using ByokOperator.Stores;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Hosting;

/// <summary><c>byok-operator report NAMESPACE/NAME</c>: asks the operator for a report now, waits for it, prints it.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Store = new("NAMESPACE/NAME") { Description = "the EncryptedStore" };
    private static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "kubeconfig file" };
    private static readonly Option<string> Wait = new("--wait") { Description = "how long to wait for a fresh report; 0s prints the last one", DefaultValueFactory = _ => "60s" };
    private static readonly TimeSpan poll = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        Command command = new("report", "Print a store's encryption report (JSON).");
        command.Arguments.Add(Store);
        command.Options.Add(Kubeconfig);
        command.Options.Add(Wait);
        command.SetAction(ActAsync);
        return command;
    }

    private static async Task<int> ActAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(Store)?.Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } name] || !GoDuration.TryParse(parsed.GetValue(Wait), out var wait))
        {
            await Console.Error.WriteLineAsync("byok-operator: give the store as NAMESPACE/NAME, and --wait as a duration such as 60s");
            return ExitCodes.Usage;
        }

        try
        {
            using var client = new KubeClient(KubeConfig.Load(parsed.GetValue(Kubeconfig)), new KubeClientOptions { UserAgent = $"byok-operator/{OperatorVersion.Current}" });
            return await PrintAsync(client, new ObjectKey(ns, name), wait, cancellation);
        }
        catch (Exception failed) when (failed is KubeException or KubeConfigException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"byok-operator: {failed.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> PrintAsync(KubeClient client, ObjectKey store, TimeSpan wait, CancellationToken cancellation)
    {
        var request = $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
        if (wait > TimeSpan.Zero)
        {
            var patch = new System.Text.Json.Nodes.JsonObject
            {
                ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["annotations"] = new System.Text.Json.Nodes.JsonObject { [Labels.ReportAt] = request } },
            };
            await client.Api<EncryptedStore>().PatchMergeAsync(store, patch, cancellation);
        }

        var address = new ObjectKey(store.Namespace, StoreNames.ReportOf(store.Name));
        var until = TimeProvider.System.GetUtcNow() + wait;
        while (true)
        {
            var map = await client.Api<ConfigMap>().TryGetAsync(address, cancellation);
            var isFresh = map?.Metadata.Annotations?.GetValueOrDefault(ReportMap.AnswersAnnotation) == request;
            if (map is not null && (isFresh || wait == TimeSpan.Zero))
            {
                Console.Out.WriteLine(map.Data?.GetValueOrDefault(ReportMap.Entry));
                return ExitCodes.Done;
            }

            if (TimeProvider.System.GetUtcNow() >= until)
            {
                await Console.Error.WriteLineAsync($"byok-operator: no fresh report of {store} within --wait: see the store's conditions, or print the last one with --wait 0s");
                return ExitCodes.Failed;
            }

            await Task.Delay(poll, cancellation);
        }
    }
}
