using ByokOperator.Cluster;
using Kube.Client;
using Kube.Runtime.Hosting;

namespace ByokOperator.Hosting;

internal static class MetricsEndpoints
{
    /// <summary>Health and metrics of a command that stays.</summary>
    /// <param name="settings">Of metrics.</param>
    /// <param name="listen">Of health.</param>
    /// <param name="client">Asks who calls.</param>
    public static OperatorEndpoints Serving(this MetricsSettings settings, string listen, KubeClient client) => new()
    {
        Listen = $"http://{listen}",
        Metrics = OptionsOf(settings, client),
        Meters = Telemetry.Meters,
        Export = Telemetry.Export(Environment.GetEnvironmentVariable),
    };

    private static MetricsOptions? OptionsOf(MetricsSettings settings, KubeClient client) =>
        settings.Listen.Length == 0
            ? null
            : new MetricsOptions
            {
                Listen = settings.Listen,
                CertificateFile = settings.CertificateFile,
                KeyFile = settings.KeyFile,
                Reviews = settings.TokenReview ? client : null,
            };
}
