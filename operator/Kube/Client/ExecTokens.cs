using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using k8s.Authentication;

namespace Kube.Client;

/// <summary>
/// Tokens and certificates from a plugin, kept until they expire or are refused. One call at a time, with a deadline
/// and without a terminal. What the plugin prints is never repeated in a message: it may be the token. (The official
/// client runs plugins while it reads the kubeconfig, joins their arguments by spaces, believes one that failed,
/// and repeats what it printed.)
/// </summary>
internal sealed class ExecTokens(ExecPlugin plugin, TimeProvider time) : ITokenProvider, IRefusable, IDisposable
{
    /// <summary>Cloud plugins call their cloud: seconds, not minutes.</summary>
    private static readonly TimeSpan longestRun = TimeSpan.FromSeconds(60);

    /// <summary>A credential that ends while a request is on its way helps nobody.</summary>
    private static readonly TimeSpan margin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private Kept? kept;

    /// <summary>Of the last answer; null before the first, and where there was none in it.</summary>
    public SslStreamCertificateContext? Certificate => Volatile.Read(ref kept)?.Certificate;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
        {
            return known.Token!;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } made)
            {
                return made.Token!;
            }

            var next = Understand(await RunAsync(cancellationToken));
            Volatile.Write(ref kept, next);
            return next.Token!; // null is no header: a certificate alone speaks
        }
        finally
        {
            gate.Release();
        }
    }

    public void Refuse(AuthenticationHeaderValue? shown)
    {
        if (Volatile.Read(ref kept) is { IsRefused: false } known && Equals(known.Token, shown))
        {
            Interlocked.CompareExchange(ref kept, known with { IsRefused = true }, known);
        }
    }

    public void Dispose() => gate.Dispose();

    private Kept? Fresh() =>
        Volatile.Read(ref kept) is { IsRefused: false } known
            && (known.Expires is not { } expires || time.GetUtcNow() < expires - margin)
            ? known
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
            var certificate =
                Text(status, "clientCertificateData") is { } pem && Text(status, "clientKeyData") is { } key
                    ? Pem.Pair(Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(key))
                        ?? throw Problem("gave a certificate and a key that are no PEM pair")
                    : null;
            var token = Text(status, "token");
            if (token is null && certificate is null)
            {
                throw Problem("gave neither a token nor a certificate");
            }

            var expires = status.TryGetProperty("expirationTimestamp", out var told)
                && told.ValueKind == JsonValueKind.String ? told.GetDateTimeOffset() : (DateTimeOffset?)null;
            return new Kept(token is null ? null : new("Bearer", token), certificate, expires);
        }
        catch (Exception broken)
            when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Problem("did not print an ExecCredential");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;

    private KubeConfigException Problem(string what, Exception? inner = null) =>
        new($"The credential plugin {plugin.Command} {what}", inner);

    private sealed record Kept(
        AuthenticationHeaderValue? Token, SslStreamCertificateContext? Certificate, DateTimeOffset? Expires,
        bool IsRefused = false);
}
