using System.Net;
using System.Net.Http.Headers;
using Byok.Import.Tests;
using ByokOperator.Tests.Api;
using ByokOperator.Tests.Importing;
using Cluster.Tests.Primitives;
using FakeApiServer;
using Kube.Client;
using Kube.Runtime.Hosting;
using Kube.Tests.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Hosting;

/// <summary><c>/metrics</c> on a port of its own: by TLS, and to those alone whom the API server lets.</summary>
public sealed class MetricsPortTests
{
    private const string Operator = "system:serviceaccount:byok-system:byok-operator";
    private const string Scraper = "system:serviceaccount:monitoring:prometheus";

    private const string Bound = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: byok-metrics-reader}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: byok-metrics-reader}
        subjects: [{kind: ServiceAccount, name: prometheus, namespace: monitoring}]
        """;

    [Fact]
    public async Task It_serves_nothing_else_and_the_other_port_serves_it_no_more()
    {
        await using var running = await StartAsync(new MetricsOptions { Listen = "127.0.0.1:0" });
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(running.Metrics, "/metrics"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetStringAsync(new Uri(running.Metrics, "/metrics"))).ShouldContain("# TYPE ");
        (await http.GetAsync(new Uri(running.Metrics, "/healthz"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync(new Uri(running.Address, "/metrics"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync(new Uri(running.Address, "/healthz"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_speaks_TLS_with_the_certificate_of_the_moment_and_plain_HTTP_no_more()
    {
        using var files = new ServerCertificate();
        var time = new SetTime();
        await using var running = await StartAsync(
            new MetricsOptions
            {
                Listen = "127.0.0.1:0",
                CertificateFile = files.CertificateFile,
                KeyFile = files.KeyFile,
            }, time);
        running.Metrics.Scheme.ShouldBe("https");
        (await ThumbprintAsync(running.Metrics)).ShouldBe(files.Thumbprint);
        files.Renew();
        time.Pass(TimeSpan.FromSeconds(10));
        (await ThumbprintAsync(running.Metrics)).ShouldBe(files.Thumbprint);
        using var http = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() =>
            http.GetAsync(new Uri($"http://127.0.0.1:{running.Metrics.Port}/metrics")));
    }

    [Fact]
    public async Task With_reviews_those_alone_are_served_whom_the_API_server_lets()
    {
        await using var scene = await Reviewed.StartAsync();
        (await scene.StatusAsync(null)).ShouldBe(HttpStatusCode.Unauthorized);
        using (var nobody = await scene.AskAsync(null))
        {
            nobody.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        }

        (await scene.StatusAsync("Basic cHJvbWV0aGV1czpwdw==")).ShouldBe(HttpStatusCode.Unauthorized);
        (await scene.StatusAsync("Bearer ")).ShouldBe(HttpStatusCode.Unauthorized);
        (await scene.StatusAsync("Bearer " + new string('x', 20_000))).ShouldBe(HttpStatusCode.Unauthorized);
        scene.Server.Counts.GetValueOrDefault("POST tokenreviews")
            .ShouldBe(0, "nobody is asked about what is no token");
        (await scene.StatusAsync("Bearer made-up")).ShouldBe(HttpStatusCode.Unauthorized);
        (await scene.StatusAsync($"Bearer {Scraper}")).ShouldBe(HttpStatusCode.Forbidden);

        scene.Server.Apply(Bound);
        scene.Time.Pass(TimeSpan.FromSeconds(10));
        (await scene.StatusAsync($"Bearer {Scraper}")).ShouldBe(HttpStatusCode.OK);
        (await scene.StatusAsync("Bearer made-up")).ShouldBe(HttpStatusCode.Unauthorized);
        (await scene.StatusAsync("Bearer system:serviceaccount:acme:default")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_was_answered_is_remembered_for_a_minute_and_no_longer()
    {
        await using var scene = await Reviewed.StartAsync();
        scene.Server.Apply(Bound);
        for (var scrape = 0; scrape < 5; scrape++)
        {
            (await scene.StatusAsync($"Bearer {Scraper}")).ShouldBe(HttpStatusCode.OK);
        }

        (scene.Server.Counts["POST tokenreviews"], scene.Server.Counts["POST subjectaccessreviews"]).ShouldBe((1, 1));
        scene.Server.Apply(Bound.Replace("name: prometheus", "name: another", StringComparison.Ordinal));
        (await scene.StatusAsync($"Bearer {Scraper}")).ShouldBe(HttpStatusCode.OK, "a moment ago he could");
        scene.Time.Pass(TimeSpan.FromMinutes(1));
        (await scene.StatusAsync($"Bearer {Scraper}")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Where_the_API_server_can_not_be_asked_nobody_is_served()
    {
        await using var scene = await Reviewed.StartAsync(withRights: false);
        scene.Server.Apply(Bound);
        using (var refused = await scene.AskAsync($"Bearer {Scraper}"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("TokenReview");
        }

        scene.Server.Apply(await Reviewed.RightsAsync());
        (await scene.StatusAsync($"Bearer {Scraper}"))
            .ShouldBe(HttpStatusCode.OK, "what was not answered is not remembered");
    }

    [Fact]
    public async Task A_flood_of_guesses_from_one_address_is_refused_before_the_API_server_is_asked()
    {
        await using var scene = await Reviewed.StartAsync();
        var answers =
            await Task.WhenAll(Enumerable.Range(0, 300).Select(guess => scene.StatusAsync($"Bearer guess-{guess}")));
        answers.Distinct().Order().ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]);
        scene.Server.Counts["POST tokenreviews"]
            .ShouldBe(answers.Count(answer => answer == HttpStatusCode.Unauthorized));
        answers.Count(answer => answer == HttpStatusCode.TooManyRequests).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Settings_that_would_misbehave_are_refused_with_the_flag_and_the_mend()
    {
        using var files = new ServerCertificate();
        var sound = new ByokOperator.Cluster.MetricsSettings
        {
            Listen = "0.0.0.0:8444",
            CertificateFile = files.CertificateFile,
            KeyFile = files.KeyFile,
            TokenReview = true,
        };
        Wrong(sound).ShouldBeEmpty();
        Wrong(new()).ShouldBeEmpty();
        Wrong(new() { Listen = "0.0.0.0:8444" }).ShouldBeEmpty("plain HTTP, as beside health");
        Wrong(new() { Listen = "localhost:8444", TokenReview = true }).ShouldBeEmpty("nobody listens in");
        Wrong(new() { TokenReview = true }).ShouldHaveSingleItem().ShouldContain("give that too");
        Wrong(sound with { Listen = "8444" }).ShouldHaveSingleItem()
            .ShouldStartWith("--metrics-listen is '8444': give address:port");
        Wrong(sound with { Listen = "0.0.0.0:8080" }).ShouldHaveSingleItem()
            .ShouldStartWith("--metrics-listen has the port of --listen");
        Wrong(sound with { KeyFile = null }).ShouldHaveSingleItem()
            .ShouldStartWith("--metrics-tls-cert and --metrics-tls-key go together");
        Wrong(sound with { KeyFile = files.CertificateFile }).ShouldHaveSingleItem()
            .ShouldStartWith("--metrics-tls-cert and --metrics-tls-key can't be used: ");
        Wrong(new() { Listen = "0.0.0.0:8444", TokenReview = true }).ShouldHaveSingleItem()
            .ShouldContain("tokens never travel in the clear");
    }

    private static List<string> Wrong(ByokOperator.Cluster.MetricsSettings settings) =>
        [.. ByokOperator.Commands.MetricsFlags.Violations(settings, "0.0.0.0:8080")];

    private static async Task<string?> ThumbprintAsync(Uri address)
    {
        string? shown = null;
        using var http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                (shown = certificate?.Thumbprint) is not null,
        });
        (await http.GetAsync(new Uri(address, "/metrics"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        return shown;
    }

    /// <summary>A process with nothing to manage.</summary>
    private static Task<Served> StartAsync(MetricsOptions metrics, TimeProvider? time = null) => Served.StartAsync(
        new Manager(new ManagerOptions(), time ?? TimeProvider.System, NullLogger<Manager>.Instance), time
            ?? TimeProvider.System, metrics);

    /// <summary>The port of an operator that shows its own account's token to the API server.</summary>
    private sealed class Reviewed(
        FakeApiServerHost server, KubeClient kube, Served running, SetTime time) : IAsyncDisposable
    {
        private readonly HttpClient http = new();

        public FakeApiServerHost Server => server;

        public SetTime Time => time;

        public static async Task<Reviewed> StartAsync(bool withRights = true)
        {
            var server = await FakeApiServerHost.StartAsync();
            server.Apply(withRights ? await RightsAsync() : await ReaderAsync());
            var kube = new KubeClient(KubeConfig.Parse(server.KubeconfigFor(Operator)));
            var time = new SetTime();
            return new Reviewed(server, kube,
                await MetricsPortTests.StartAsync(new MetricsOptions { Listen = "127.0.0.1:0", Reviews = kube }, time),
                time);
        }

        /// <summary>As shipped.</summary>
        public static Task<string> RightsAsync() =>
            File.ReadAllTextAsync(
                Repository.PathTo("examples", "manifests", "operator", "reviewed-metrics", "rbac-metrics.yaml"));

        public async Task<HttpResponseMessage> AskAsync(string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(running.Metrics, "/metrics"));
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            return await http.SendAsync(request);
        }

        public async Task<HttpStatusCode> StatusAsync(string? authorization)
        {
            using var answer = await AskAsync(authorization);
            return answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await running.DisposeAsync();
            kube.Dispose();
            await server.DisposeAsync();
        }

        /// <summary>The scraper's role alone.</summary>
        private static async Task<string> ReaderAsync() => (await RightsAsync()).Split("\n---\n")[^1];
    }
}
