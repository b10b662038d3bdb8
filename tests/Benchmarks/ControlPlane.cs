using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Cluster.Tests.Primitives;

namespace Benchmarks;

/// <summary>etcd and the API server, the real ones, alone:
/// no controller of the cluster burns anything while we measure.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(200);

    private readonly string folder = Directory.CreateTempSubdirectory("bench-control-plane-").FullName;
    private readonly List<Child> children = [];
    private readonly HttpClient http;
    private readonly string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private readonly int port = LoopbackPort.Free();

    private ControlPlane()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && IsItsOwn(shown);
        http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{port}/"),
            Timeout = TimeSpan.FromSeconds(30),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary><c>BENCH_APISERVER</c>, else the newest that the tests' harness built.</summary>
    public static string ApiServerFile =>
        Environment.GetEnvironmentVariable("BENCH_APISERVER") is { Length: > 0 } given ? given : Built();

    public string Kubeconfig => $$"""
        apiVersion: v1
        kind: Config
        clusters: [{name: bench, cluster: {server: "https://127.0.0.1:{{port}}", insecure-skip-tls-verify: true} }]
        users: [{name: bench, user: {token: "{{token}}"} }]
        contexts: [{name: bench, context: {cluster: bench, user: bench} }]
        current-context: bench
        """;

    public TimeSpan Cpu => children.Aggregate(TimeSpan.Zero, (sum, child) => sum + child.Cpu);

    /// <summary>Up, with our definitions established.</summary>
    public static async Task<ControlPlane> StartAsync(CancellationToken cancellation)
    {
        var started = new ControlPlane();
        try
        {
            await started.LaunchAsync(cancellation);
            await started.UntilAsync("readyz", cancellation);
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
            {
                await started.DefineAsync(await File.ReadAllTextAsync(file, cancellation), cancellation);
                await started.UntilAsync($"apis/byok.dev/v1alpha1/{Path.GetFileNameWithoutExtension(file)}",
                    cancellation);
            }

            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server's own count of what it was asked so far.</summary>
    public async Task<IReadOnlyList<RequestCount>> CountsAsync(CancellationToken cancellation) =>
        RequestCount.Parse(await http.GetStringAsync("metrics", cancellation));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (var child in Enumerable.Reverse(children))
        {
            await child.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        using (var rsa = RSA.Create(2048))
        {
            await File.WriteAllTextAsync(In("accounts.key"), rsa.ExportRSAPrivateKeyPem(), cancellation);
        }

        await File.WriteAllTextAsync(In("tokens.csv"), $"{token},bench,bench,system:masters\n", cancellation);
        var (clients, peers) = ($"http://127.0.0.1:{LoopbackPort.Free()}", $"http://127.0.0.1:{LoopbackPort.Free()}");
        children.Add(Child.Start("etcd",
        [
            "--name", "bench", "--data-dir", In("etcd"), "--unsafe-no-fsync", "--log-level", "error",
            "--quota-backend-bytes", "8589934592",
            "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", $"bench={peers}",
        ]));
        children.Add(Child.Start(ApiServerFile,
        [
            $"--etcd-servers={clients}", $"--cert-dir={In("certificates")}", $"--secure-port={port}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.0.0.0/24",
            $"--token-auth-file={In("tokens.csv")}", "--authorization-mode=RBAC", "--anonymous-auth=false",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-key-file={In("accounts.key")}",
            $"--service-account-signing-key-file={In("accounts.key")}", "--v=0",
        ]));
    }

    private async Task DefineAsync(string yaml, CancellationToken cancellation)
    {
        using var body = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using var answer =
            await http.PostAsync("apis/apiextensions.k8s.io/v1/customresourcedefinitions", body, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"the API server refused a definition: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    private async Task UntilAsync(string path, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        while (!await AnswersAsync(path, limit.Token))
        {
            foreach (var dead in children.Where(child => !child.IsRunning))
            {
                await dead.SucceedAsync(cancellation);
            }

            await Task.Delay(look, limit.Token);
        }
    }

    private async Task<bool> AnswersAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(path, cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The server makes its certificate itself when it starts.</summary>
    private bool IsItsOwn(X509Certificate shown)
    {
        using var made = X509CertificateLoader.LoadCertificateFromFile(In("certificates/apiserver.crt"));
        return shown.GetRawCertData().AsSpan().SequenceEqual(made.RawDataMemory.Span);
    }

    private string In(string name) => Path.Combine(folder, name);

    private static string Built()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = Environment.GetEnvironmentVariable("BYOK_CACHE") ?? Path.Combine(home, ".cache", "byok-operator");
        return (Directory.Exists(cache) ? Directory.EnumerateDirectories(cache, "kubernetes-*") : [])
            .Select(folder => Path.Combine(folder, "bin", "kube-apiserver"))
            .Where(File.Exists)
            .MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new InvalidOperationException(
                $"no kube-apiserver under {cache}: run tests/run.sh once, which builds it, or name one in "
                    + "BENCH_APISERVER");
    }
}
