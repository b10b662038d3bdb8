using System.Net;
using System.Net.Sockets;
using System.Text;
using ByokOperator.Tests.Stories;
using Cluster.Tests.Primitives;
using LocalCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Hosting;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("", "", "", "", false)]
    [InlineData("http://collector:4317", "", "", "", true)]
    [InlineData("", "http://collector:4318/v1/x", "", "", true)]
    [InlineData("http://collector:4317", "", "true", "", false)]
    [InlineData("http://collector:4317", "", "", "none", false)]
    public void It_is_exported_where_the_standard_variables_say(
        string shared, string own, string disabled, string exporter, bool isWanted)
    {
        foreach (var signal in (string[])["METRICS", "TRACES"])
        {
            ByokOperator.Hosting.Telemetry.IsWanted(
                name => name == "OTEL_EXPORTER_OTLP_ENDPOINT" ? shared
                    : name == $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT" ? own
                    : name == "OTEL_SDK_DISABLED" ? disabled
                    : name == $"OTEL_{signal}_EXPORTER" ? exporter
                    : null,
                signal).ShouldBe(isWanted, signal);
        }
    }

    [Fact]
    public void An_endpoint_of_metrics_alone_brings_no_traces() => ByokOperator.Hosting.Telemetry.IsWanted(
        name => name == "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" ? "http://collector:4318/v1/metrics" : null,
        "TRACES").ShouldBeFalse();

    [Fact]
    public async Task The_real_process_exports_its_requests_and_its_reconciles_by_OTLP_and_still_serves_metrics()
    {
        await using var collector = await Collector.StartAsync();
        var listen = $"127.0.0.1:{FreePort()}";
        var kubeconfig = Path.GetTempFileName();
        OperatorProcess? operating = null;
        try
        {
            await using var tenant = await Tenant.MoveInWithAsync(stage =>
            {
                File.WriteAllText(kubeconfig, stage.Server!.KubeconfigFor(Quickstart.Stage.OperatorAccount));
                operating = OperatorProcess.Start(
                    stage.Cloud,
                    new Dictionary<string, string>
                    {
                        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                    },
                    "run", "--kubeconfig", kubeconfig, "--listen", listen, "--image", "embedded");
            });
            await tenant.ApplyKeyAsync();

            (await collector.HeardAsync("kube.requests")).ShouldBe("/v1/metrics");
            await collector.HeardAsync("byok-operator");
            await collector.HeardAsync("kube.leader"); // it leads, so it listens
            (await collector.HeardAsync("reconcile keys")).ShouldBe("/v1/traces");
            (await collector.HeardAsync("kms:Decrypt", "/v1/traces")).ShouldBe("/v1/traces");
            using var http = new HttpClient();
            (await http.GetStringAsync($"http://{listen}/metrics")).ShouldContain("kube_requests");

            await operating!.TerminateAsync();
            (await operating.ExitCodeAsync()).ShouldBe(0);
            collector.Everything.ShouldNotContain(LocalCloudAccounts.OperatorSecret);
            collector.Everything.ShouldNotContain("Bearer");
        }
        finally
        {
            operating?.Dispose();
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

        public string Everything
        {
            get
            {
                lock (gate)
                {
                    return string.Join('\n', posts.Select(post => post.Body));
                }
            }
        }

        /// <summary>The path that the first post with these words came to,
        /// of those to a path where one is given.</summary>
        public async Task<string> HeardAsync(string words, string? to = null)
        {
            for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout;
                TimeProvider.System.GetUtcNow() < until; await Task.Delay(50))
            {
                lock (gate)
                {
                    if (posts.FirstOrDefault(post =>
                        (to is null || post.Path == to)
                            && post.Body.Contains(words, StringComparison.Ordinal)) is { Path: { } path })
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
