using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Kube.Tests.Client.Kubectl;

/// <summary>API servers that write down how they are asked: where, by which name, by whom.
/// They answer nothing but their version.</summary>
internal sealed class RecordingServers : IAsyncDisposable
{
    private static readonly string[] told = ["Impersonate-User", "Impersonate-Uid", "Impersonate-Group"];
    private readonly ConcurrentDictionary<string, byte> seen = new();
    private readonly WebApplication app;
    private readonly Dictionary<int, string> names = [];

    private RecordingServers(Authorities authorities)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            foreach (var (address, certificate) in authorities.Servers.Select(server =>
                (server.Address, server.Certificate)))
            {
                kestrel.Listen(address, 0, listen => Secure(listen, certificate));
            }
        });
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>Ports by name: <c>http</c>, and the names of the authorities' servers.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; private set; } = new Dictionary<string, int>();

    public static async Task<RecordingServers> StartAsync(Authorities authorities, CancellationToken cancellation)
    {
        var servers = new RecordingServers(authorities);
        await servers.app.StartAsync(cancellation);
        var ports = servers.app.Urls.Select(url => new Uri(url).Port).ToList();
        servers.Ports = authorities.Servers.Select(server => server.Name).Prepend("http").Zip(ports)
            .ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (name, port) in servers.Ports)
        {
            servers.names[port] = name;
        }

        return servers;
    }

    public string NameOf(int port) => names.GetValueOrDefault(port, "nowhere");

    public void Note(string line) => seen.TryAdd(line, 0);

    /// <summary>What was seen since the last time, and nothing twice.</summary>
    public IReadOnlyList<string> Take()
    {
        var lines = seen.Keys.Order(StringComparer.Ordinal).ToList();
        seen.Clear();
        return lines;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static void Secure(ListenOptions listen, SslStreamCertificateContext certificate) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                ClientCertificateRequired = true,
#pragma warning disable CA5359 // it writes down who comes, and lets everybody in
                RemoteCertificateValidationCallback = (_, client, chain, _) =>
                {
                    context.Connection.Items["sni"] = context.ClientHelloInfo.ServerName;
                    context.Connection.Items["certificates"] = client is null ? ""
                        : string.Join("+", new[] { client.Subject }.Concat(Sent(chain, client)));
                    return true;
                },
#pragma warning restore CA5359 // a test's server
            }),
        });

    /// <summary>What came with the client's certificate.</summary>
    private static IEnumerable<string> Sent(X509Chain? chain, X509Certificate client) =>
        (chain?.ChainPolicy.ExtraStore ?? []).Where(one => one.Subject != client.Subject).Select(one => one.Subject)
            .Distinct();

    private async Task AnswerAsync(HttpContext context)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()!.Items;
        var request = context.Request;
        var host =
            $"{request.Host.Host}{(request.Host.Port is { } port ? port == context.Connection.LocalPort ? ":PORT" : $":{port}" : "")}";
        List<string> line = [
            $"{names[context.Connection.LocalPort]}{request.PathBase}{request.Path.Value!.TrimEnd('/')}",
            $"Host {host}",
        ];
        Add(line, "SNI", items.TryGetValue("sni", out var sni) ? (string?)sni : "");
        Add(line, "", request.Headers.Authorization.ToString());
        Add(line, "certificate", items.TryGetValue("certificates", out var certificates) ? (string?)certificates : "");
        foreach (var header
            in request.Headers.Where(header =>
                header.Key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            Add(line, told.FirstOrDefault(name => name.Equals(header.Key, StringComparison.OrdinalIgnoreCase))
                ?? header.Key.ToLowerInvariant(), string.Join("+", header.Value.ToArray()));
        }

        Note(string.Join(", ", line));
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            """{"major":"1","minor":"35","gitVersion":"v1.35.2","gitCommit":"x","gitTreeState":"clean","buildDate":"2026-01-01T00:00:00Z","goVersion":"go1","compiler":"gc","platform":"linux/amd64"}""");
    }

    private static void Add(List<string> line, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            line.Add($"{name} {value}".Trim());
        }
    }
}
