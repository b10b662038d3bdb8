using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Kube.Runtime.Hosting;

/// <summary>
/// A certificate and its key from files, read again when their content changes: an issuer renews them, and a mounted
/// Secret is swapped without any file's own date changing. A pair that can't be read leaves the last good one in use.
/// </summary>
public sealed partial class ReloadingCertificate
{
    /// <summary>The files are a few kilobytes; connections may come by the hundred.</summary>
    private static readonly TimeSpan lookAgain = TimeSpan.FromSeconds(10);

    private readonly string certificateFile;
    private readonly string keyFile;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private SslStreamCertificateContext current;
    private byte[] content;
    private long lookedAt;

    /// <summary>Throws when the files can't be read: a server that can't speak must not start.</summary>
    public ReloadingCertificate(string certificateFile, string keyFile, TimeProvider time, ILogger logger)
    {
        (this.certificateFile, this.keyFile, this.time, this.logger) = (certificateFile, keyFile, time, logger);
        lookedAt = time.GetTimestamp();
        content = Digest();
        current = Load();
    }

    /// <summary>Why they can't be used; null where they can.</summary>
    public static string? Fault(string certificateFile, string keyFile)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return null;
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return unreadable.Message;
        }
    }

    /// <summary>Each connection gets what the files say at that moment.</summary>
    public void Secure(ListenOptions listen) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Handshake()) });

    public SslStreamCertificateContext Current()
    {
        lock (gate)
        {
            if (time.GetElapsedTime(lookedAt) >= lookAgain)
            {
                lookedAt = time.GetTimestamp();
                Refresh_NeedsLock();
            }

            return current;
        }
    }

    private SslServerAuthenticationOptions Handshake() => new()
    {
        ServerCertificateContext = Current(),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private void Refresh_NeedsLock()
    {
        try
        {
            var found = Digest();
            if (!found.AsSpan().SequenceEqual(content))
            {
                (current, content) = (Load(), found);
                LogReloaded(certificateFile, current.TargetCertificate.NotAfter);
            }
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogUnreadable(certificateFile, unreadable.Message); // perhaps half written: the next look tells
        }
    }

    private byte[] Digest() => SHA256.HashData([.. File.ReadAllBytes(certificateFile), .. File.ReadAllBytes(keyFile)]);

    private SslStreamCertificateContext Load()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificateFile, keyFile),
            [.. chain.Skip(1)], offline: true);
    }
}
