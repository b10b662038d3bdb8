using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Tests.Primitives;
using LocalCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Hosting;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("", "", "", "", false)]
    [InlineData("http://collector:4317", "", "", "", true)]
    [InlineData("", "http://collector:4318/v1/metrics", "", "", true)]
    [InlineData("http://collector:4317", "", "true", "", false)]
    [InlineData("http://collector:4317", "", "", "none", false)]
    public void It_is_exported_where_the_standard_variables_say(string shared, string metrics, string disabled, string exporter, bool isWanted) =>
        ByokOperator.Hosting.Telemetry.IsWanted(name => name switch
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => shared,
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" => metrics,
            "OTEL_SDK_DISABLED" => disabled,
            "OTEL_METRICS_EXPORTER" => exporter,
            _ => null,
        }).ShouldBe(isWanted);

    [Fact]
    public async Task The_real_process_exports_its_requests_by_OTLP_and_still_serves_metrics()
    {
        await using var stage = await Quickstart.Stage.SetAsync(null, NullLoggerFactory.Instance);
        await using var collector = await Collector.StartAsync();
        var kubeconfig = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(kubeconfig, stage.Server!.KubeconfigFor(Quickstart.Stage.OperatorAccount));
            var listen = $"127.0.0.1:{FreePort()}";
            using var operating = OperatorProcess.Start(
                stage.Cloud,
                new Dictionary<string, string>
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                },
                "run", "--kubeconfig", kubeconfig, "--listen", listen, "--image", "embedded");

            (await collector.HeardAsync("kube.requests")).ShouldBe("/v1/metrics");
            await collector.HeardAsync("byok-operator");
            await collector.HeardAsync("kube.leader"); // it leads, so it listens
            using var http = new HttpClient();
            (await http.GetStringAsync($"http://{listen}/metrics")).ShouldContain("kube_requests");

            await operating.TerminateAsync();
            (await operating.ExitCodeAsync()).ShouldBe(0);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Takes whatever is posted. Names stand in protobuf as they are written.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly Lock gate = new();
        private readonly List<(string Path, string Body)> posts = [];
        private readonly WebApplication app;

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            app = builder.Build();
            app.Run(async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                lock (gate)
                {
                    posts.Add((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
                }
            });
        }

        public string Address => app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector.app.StartAsync();
            return collector;
        }

        /// <summary>The path that the first post with these words came to.</summary>
        public async Task<string> HeardAsync(string words)
        {
            for (var until = TimeProvider.System.GetUtcNow() + LastResort.Patience; TimeProvider.System.GetUtcNow() < until; await Task.Delay(50))
            {
                lock (gate)
                {
                    if (posts.FirstOrDefault(post => post.Body.Contains(words, StringComparison.Ordinal)) is { Path: { } path })
                    {
                        return path;
                    }
                }
            }

            throw new TimeoutException($"nobody said {words}; {posts.Count} posts came");
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
