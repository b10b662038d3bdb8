using System.Globalization;

namespace Kube.Tests.Client.Kubectl;

/// <summary>Servers, proxies, plugins and files that all cases share, and what was seen of one asker.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string Version = "client.authentication.k8s.io/v1";
    private readonly Authorities authorities;
    private readonly TemporaryFolder folder = new();
    private readonly RecordingServers servers;
    private readonly Proxies proxies;
    private readonly Dictionary<string, string> values;

    private Scene(Authorities authorities, RecordingServers servers)
    {
        (this.authorities, this.servers) = (authorities, servers);
        proxies = new Proxies((kind, port) => servers.Note($"{kind} to {servers.NameOf(port)}"));
        values = Values();
    }

    public static async Task<Scene> StartAsync(CancellationToken cancellation)
    {
        var authorities = new Authorities();
        return new Scene(authorities, await RecordingServers.StartAsync(authorities, cancellation));
    }

    /// <summary>What the servers saw; <c>refused</c> where they saw nothing.</summary>
    /// <param name="test">Is written anew, so that nothing of the last asker is left.</param>
    /// <param name="askAsync">Gets KUBECONFIG and a folder to live in.</param>
    public async Task<Seen> SeeAsync(KubeconfigCase test, Func<string, string, Task<string?>> askAsync)
    {
        var list = test.Write(folder, values);
        var ran = Path.Combine(folder.Path, "ran");
        File.Delete(ran);
        servers.Take();
        var refusal = await askAsync(list, Path.Combine(folder.Path, "home"));
        var lines = servers.Take().Concat(File.Exists(ran) ? ["plugin ran"] : []).ToList();
        var hasAsked = lines.Exists(line => line.Contains(", Host ", StringComparison.Ordinal));
        return new Seen(hasAsked ? string.Join("; ", lines) : "refused", refusal);
    }

    public async ValueTask DisposeAsync()
    {
        proxies.Dispose();
        await servers.DisposeAsync();
        folder.Dispose();
    }

    private Dictionary<string, string> Values()
    {
        authorities.Write(folder);
        folder.Write("home/none", "");
        folder.Write("token", "from-the-file\n");
        folder.Write("empty", "");
        Plugin("plugin", """{"apiVersion":"@","kind":"ExecCredential","status":{"token":"from-the-plugin"}}""");
        Plugin("beta", """{"apiVersion":"@beta1","kind":"ExecCredential","status":{"token":"from-the-plugin"}}""");
        Plugin("nothing", """{"apiVersion":"@","kind":"ExecCredential","status":{}}""");
        Plugin("failing",
            """{"apiVersion":"@","kind":"ExecCredential","status":{"token":"from-a-plugin-that-failed"}}""", "exit 3");
        Plugin("certificate",
            $$$"""{"apiVersion":"@","kind":"ExecCredential","status":{"clientCertificateData":"{{{Quoted("pki/chained.crt")}}}","clientKeyData":"{{{Quoted("pki/chained.key")}}}"}}""");
        folder.WriteScript("bin/arguments",
            $$$"""touch '{{{folder.Path}}}/ran'; printf '{"apiVersion":"{{{Version}}}","kind":"ExecCredential","status":{"token":"%s-%s"}}' "$#" "$1" """);
        var values = servers.Ports.ToDictionary(port => port.Key,
            port => $"{(port.Key == "http" ? "http" : "https")}://127.0.0.1:{port.Value}");
        values["https6"] = $"https://[::1]:{servers.Ports["https6"]}";
        values["port"] = servers.Ports["https"].ToString(CultureInfo.InvariantCulture);
        values["httpport"] = servers.Ports["http"].ToString(CultureInfo.InvariantCulture);
        values["proxy"] = $"http://127.0.0.1:{proxies.Http}";
        values["socks"] = $"socks5://127.0.0.1:{proxies.Socks}";
        values["folder"] = folder.Path;
        foreach (var (name, file) in new[]
        {
            ("ca-data", "pki/ca.crt"),
            ("me-data", "pki/me.crt"),
            ("me-key-data", "pki/me.key"),
            ("ca-cut-data", "pki/ca-cut.crt"),
            ("stranger-data", "pki/stranger.crt"),
        })
        {
            values[name] = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder.Path, file)));
        }

        return values;
    }

    private void Plugin(string name, string answer, string end = "") =>
        folder.WriteScript($"bin/{name}",
            $"touch '{folder.Path}/ran'\ncat "
                + $"<<'ANSWER'\n{answer.Replace("@", Version, StringComparison.Ordinal)}\nANSWER\n{end}");

    private string Quoted(string file) =>
        File.ReadAllText(Path.Combine(folder.Path, file)).Replace("\n", "\\n", StringComparison.Ordinal);
}

/// <summary>What was sent, and the words of a refusal.</summary>
internal sealed record Seen(string Sent, string? Refusal);
