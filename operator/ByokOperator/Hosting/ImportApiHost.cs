using Byok.Import.Serving;
using Kube.Client;
using Kube.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>
/// The host of the import API: its listener, its pool of key pairs, health and metrics. No leader, no watch, no cloud;
/// any number of replicas side by side.
/// </summary>
internal static class ImportApiHost
{
    /// <param name="builder">Whose logging is the caller's.</param>
    /// <param name="settings">As the command line says.</param>
    /// <param name="violations">What is wrong about them.</param>
    public static WebApplicationBuilder AddByokImportApi(
        this WebApplicationBuilder builder,
        ImportApiSettings settings,
        Func<ImportApiSettings, IEnumerable<string>> violations)
    {
        builder.Services
            .AddChecked(settings, violations)
            .AddSingleton<KubeClient>(
                services => Launch.Client(Settings(services).Kubeconfig, Settings(services).Context));
        return builder.AddKubernetesOperator(
            services => Settings(services).Metrics.Serving(Settings(services).Listen, Client(services)),
            (services, _) => Task.FromResult(Wire(services)));
    }

    private static ImportApiSettings Settings(IServiceProvider services) => services.Checked<ImportApiSettings>();

    private static KubeClient Client(IServiceProvider services) => services.GetRequiredService<KubeClient>();

    private static Manager Wire(IServiceProvider services)
    {
        var logs = services.GetRequiredService<ILoggerFactory>();
        var api = new ImportApi(
            Client(services), new ImportTargets(Client(services)), Settings(services).Api, TimeProvider.System, logs);
        return new Manager(new ManagerOptions(), TimeProvider.System, logs.CreateLogger<Manager>())
            .Owning(api).AddBeside(api.Pool).AddBeside(api.Server);
    }
}
