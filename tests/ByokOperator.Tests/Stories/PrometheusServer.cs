using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;

namespace ByokOperator.Tests.Stories;

/// <summary>A real Prometheus that scrapes one address each second and follows the chart's alerts,
/// each at once instead of after its time.</summary>
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

    public static async Task<PrometheusServer> StartAsync(int scraped, string ns)
    {
        var folder = Directory.CreateTempSubdirectory("byok-prometheus-").FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "rules.yaml"), Rules().ToJsonString());
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "prometheus.yaml"), $$$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: operator
                static_configs: [{targets: ["127.0.0.1:{{{scraped}}}"], labels: {namespace: {{{ns}}}, pod: operator-0}}]
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

    /// <summary>Names of the alerts that fire.</summary>
    public async Task<IReadOnlySet<string>> FiringAsync()
    {
        var answer = JsonNode.Parse(await http.GetStringAsync("alerts"))!;
        return answer["data"]!["alerts"]!.AsArray().Where(alert => (string?)alert!["state"] == "firing")
            .Select(alert => (string)alert!["labels"]!["alertname"]!).ToHashSet();
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>As the chart renders them, by its golden file.</summary>
    private static JsonObject Rules()
    {
        var rendered = Yaml.Parse(
            File.ReadAllText(Repository.PathTo("tests", "Charts.Tests", "golden", "byok-operator", "everything.yaml")));
        var rules = rendered.Single(manifest => (string?)manifest["kind"] == "PrometheusRule")["spec"]!.DeepClone()
            .AsObject();
        foreach (var rule in rules["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()))
        {
            rule!["for"] = "0s";
        }

        return rules;
    }
}
