using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Kube.Client;

/// <summary>
/// Credentials from a plugin, kept until they expire or are refused. One call at a time, with a deadline and without a
/// terminal. What the plugin prints is never repeated in a message: it may be the token.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : IKubeCredentials, IDisposable
{
    /// <summary>Cloud plugins call their cloud: seconds, not minutes.</summary>
    private static readonly TimeSpan longestRun = TimeSpan.FromSeconds(60);

    /// <summary>A credential that ends while a request is on its way helps nobody.</summary>
    private static readonly TimeSpan margin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private Kept? kept;

    public async ValueTask<KubeCredential> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } credential)
        {
            return credential;
        }

        await gate.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } made)
            {
                return made;
            }

            var next = Understand(await RunAsync(cancellation));
            Volatile.Write(ref kept, next);
            return next.Credential;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Refuse(KubeCredential credential)
    {
        var known = Volatile.Read(ref kept);
        if (known is not null && ReferenceEquals(known.Credential, credential))
        {
            Interlocked.CompareExchange(ref kept, null, known);
        }
    }

    public void Dispose() => gate.Dispose();

    private KubeCredential? Fresh() =>
        Volatile.Read(ref kept) is { } known && (known.Expires is not { } expires || time.GetUtcNow() < expires - margin)
            ? known.Credential
            : null;

    private async Task<string> RunAsync(CancellationToken cancellation)
    {
        using var process = Start();
        using var deadline = new CancellationTokenSource(longestRun, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            await errors; // read, so that the plugin is never blocked by a full pipe; not repeated
            return process.ExitCode == 0 ? await output : throw Problem($"ended with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Problem($"gave no answer within {longestRun.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(plugin.Command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in plugin.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = plugin.Information;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw Problem("can't be started: " + (plugin.InstallHint ?? missing.Message), missing);
        }
    }

    private Kept Understand(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            if (Text(root, "apiVersion") != plugin.ApiVersion)
            {
                throw Problem($"answered in another version than {plugin.ApiVersion}");
            }

            var status = root.GetProperty("status");
            var certificate = Text(status, "clientCertificateData") is { } pem && Text(status, "clientKeyData") is { } key
                ? Pem.Pair(Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(key)) ?? throw Problem("gave a certificate and a key that are no PEM pair")
                : null;
            var token = Text(status, "token");
            if (token is null && certificate is null)
            {
                throw Problem("gave neither a token nor a certificate");
            }

            var credential = token is null ? new KubeCredential { Certificate = certificate } : KubeCredential.Bearer(token, certificate);
            return new Kept(credential, status.TryGetProperty("expirationTimestamp", out var expires) && expires.ValueKind == JsonValueKind.String ? expires.GetDateTimeOffset() : null);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Problem("did not print an ExecCredential");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private KubeConfigException Problem(string what, Exception? inner = null) => new($"The credential plugin {plugin.Command} {what}", inner);

    private sealed record Kept(KubeCredential Credential, DateTimeOffset? Expires);
}
