using System.Net;
using Byok.Import.Serving;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using FakeApiServer;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Hosting;

/// <summary><c>byok-operator import-api</c> as a process.</summary>
public sealed class ImportApiProcessTests
{
    [Fact]
    public async Task It_serves_with_no_lease_no_watch_and_no_leader_tells_how_it_is_and_ends_when_told_to()
    {
        await using var server = await FakeApiServerHost.StartAsync();
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-import-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig);
        var (health, port) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var process = Programs.StartImportApi(kubeconfig, "--listen", $"127.0.0.1:{health}", "--api-listen",
            $"127.0.0.1:{port}", "--key-pool", "1");
        using var http = new HttpClient();
        await UntilAsync(async () =>
            (await http.GetAsync($"http://127.0.0.1:{port}/openapi.json")).StatusCode == HttpStatusCode.OK, process);

        (await http.GetStringAsync($"http://127.0.0.1:{health}/healthz")).ShouldBe("ok\n");
        (await http.GetStringAsync($"http://127.0.0.1:{health}/readyz")).ShouldBe("ok\n");
        (await http.GetStringAsync($"http://127.0.0.1:{health}/metrics"))
            .ShouldContain("byok_import_calls_seconds_count{");
        server.Counts.ShouldBeEmpty("nobody called, so there was nothing to ask for");
        using var stranger =
            await http.PutAsync($"http://127.0.0.1:{port}/!/ems/enterprises/dave/cmk/import-key-request", null);
        (stranger.StatusCode,
            stranger.Content.Headers.ContentType!.MediaType).ShouldBe(
                (HttpStatusCode.Unauthorized, "application/problem+json"));
        (await stranger.Content.ReadAsStringAsync()).ShouldContain("\"type\":\"urn:byok:problem:unauthorized\"");
        using var guess = new HttpRequestMessage(HttpMethod.Post,
            stranger.RequestMessage!.RequestUri!.AbsoluteUri
                .Replace("import-key-request", "import-key", StringComparison.Ordinal));
        guess.Headers.TryAddWithoutValidation("Authorization", $"ApiKey {ApiKey.Make().Reveal()}");
        using var refused = await http.SendAsync(guess);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, await refused.Content.ReadAsStringAsync());
        server.Counts.ShouldBe(new Dictionary<string, int> { ["GET secrets"] = 1 }, "a guess costs one read by name");

        (await process.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Its_metrics_have_a_port_of_their_own_where_that_is_asked_for()
    {
        await using var server = await FakeApiServerHost.StartAsync();
        var kubeconfig = Path.Combine(Directory.CreateTempSubdirectory("byok-import-").FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig,
            server.KubeconfigFor("system:serviceaccount:byok-import:byok-import-api"));
        server.Apply(
            await File.ReadAllTextAsync(
                Repository.PathTo("examples", "manifests", "operator", "reviewed-metrics", "rbac-metrics.yaml")));
        server.Apply(
            await File.ReadAllTextAsync(
                Repository.PathTo("examples", "manifests", "import-api", "reviewed-metrics", "rbac-metrics.yaml")));
        var (health, port) = (LoopbackPort.Free(), LoopbackPort.Free());
        await using var process = Programs.StartImportApi(
            kubeconfig, "--listen", $"127.0.0.1:{health}", "--api-listen", $"127.0.0.1:{LoopbackPort.Free()}",
            "--key-pool", "1", "--metrics-listen", $"127.0.0.1:{port}", "--metrics-token-review");
        using var http = new HttpClient();
        await UntilAsync(
            async () =>
                (await http.GetAsync($"http://127.0.0.1:{port}/metrics")).StatusCode == HttpStatusCode.Unauthorized,
                    process);
        (await http.GetAsync($"http://127.0.0.1:{health}/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync($"http://127.0.0.1:{health}/metrics")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var scrape = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/metrics");
        scrape.Headers.TryAddWithoutValidation("Authorization", "Bearer system:serviceaccount:monitoring:prometheus");
        using var forbidden = await http.SendAsync(scrape);
        (forbidden.StatusCode,
            await forbidden.Content.ReadAsStringAsync()).ShouldBe(
                (HttpStatusCode.Forbidden,
                    "this account may not get /metrics: bind it a ClusterRole with nonResourceURLs: [/metrics], "
                        + "verbs: [get]\n"));
        process.Log.ShouldNotContain("system:serviceaccount:monitoring:prometheus");
        (await process.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Settings_that_would_misbehave_end_it_at_once_with_a_sentence_for_each()
    {
        await using var process = Programs.StartImportApi("/nowhere", "--key-pool", "0");
        (await process.ExitCodeAsync()).ShouldBe(2);
        process.Log.ShouldContain("--key-pool is 0: give 1 to 256");
        process.Log.ShouldContain("--tls-cert and --tls-key");
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, ChildProcess process)
    {
        const int Tries = 1_200;
        for (var attempt = 0; attempt < Tries && !process.HasExited; attempt++)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"it does not serve: {process.Log}");
    }
}
