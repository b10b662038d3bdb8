using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Stories;

/// <summary>A real Prometheus that scrapes and evaluates each second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly HttpClient http;
    private readonly string folder;

    private PrometheusServer(ChildProcess process, HttpClient http, string folder) =>
        (this.process, this.http, this.folder) = (process, http, folder);

    public static string Path => Environment.GetEnvironmentVariable("BYOK_TEST_PROMETHEUS") is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException(
            "BYOK_TEST_PROMETHEUS names no Prometheus: run these tests by tests/run.sh, or set it");

    /// <param name="scraped">Ports of this machine, each with the namespace that its program runs in.</param>
    /// <param name="rules">What it evaluates each second.</param>
    public static async Task<PrometheusServer> StartAsync(
        IEnumerable<(int Port, string Namespace)> scraped, JsonObject rules)
    {
        var folder = Directory.CreateTempSubdirectory("byok-prometheus-").FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "rules.yaml"), rules.ToJsonString());
        var targets = string.Join(", ", scraped.Select(one => $$$"""
            {targets: ["127.0.0.1:{{{one.Port}}}"], labels: {namespace: {{{one.Namespace}}}, pod: "0"}}
            """));
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "prometheus.yaml"), $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs: [{job_name: byok, static_configs: [{{targets}}]}]
            """);
        var port = LoopbackPort.Free();
        var process = ChildProcess.Start(Path,
        [
            $"--config.file={folder}/prometheus.yaml", $"--storage.tsdb.path={folder}/data",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
        ]);
        return new PrometheusServer(process,
            new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") }, folder);
    }

    /// <summary>Series of the query, as they stand now.</summary>
    public async Task<JsonArray> QueryAsync(string query)
    {
        using var answer = await http.GetAsync($"query?query={Uri.EscapeDataString(query)}");
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!["data"]!["result"] is JsonArray result ? result : []
            : throw new InvalidOperationException($"{query}: {text}");
    }

    /// <summary>Alerts that are pending or fire, with their labels.</summary>
    public async Task<string> StandingAsync() => string.Join("; ", (await QueryAsync("ALERTS"))
        .Select(alert => string.Join(' ', alert!["metric"]!.AsObject().Where(label => label.Key != "__name__")
            .Select(label => $"{label.Key}={label.Value}"))));

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
