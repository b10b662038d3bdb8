using ByokOperator.Importing.Serving;
using Kube.Client;
using Kube.Runtime.Hosting;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>Runs the import API: its listener, its pool of key pairs, health and metrics. No leader, no watch, no cloud; any number of replicas side by side.</summary>
internal static class ImportApiHost
{
    /// <summary>Runs until cancelled or until a part fails; the process's exit code.</summary>
    public static async Task<int> RunAsync(ImportApiSettings settings, KubeClient client, ILoggerFactory logs, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        using var api = new ImportApi(client, settings.Api, time, logs);
        using var manager = new Manager(settings.Metrics.Serving(settings.Listen, client), time, logs.CreateLogger<Manager>());
        return await manager.AddBeside(api.Pool).AddBeside(api.Server).RunAsync(cancellation);
    }
}
