using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kube.Core;

namespace Byok.Import.Wrapping;

/// <summary>One generation of the platform's wrapping key, read from its Secret for as long as it is used.</summary>
public sealed class PlatformKey(
    int generation, ObjectMeta metadata, X509Certificate2 certificate, RSA key) : IDisposable
{
    private bool isReleased;

    /// <summary>Counts from 1; the highest one is the newest.</summary>
    public int Generation => generation;

    public ObjectMeta Metadata => metadata;

    /// <summary>Self-signed, without the private half.</summary>
    public X509Certificate2 Certificate => certificate;

    public RSA Key => key;

    public string Id { get; } = IdOf(key);

    public DateTimeOffset NotAfter => certificate.NotAfter;

    /// <summary>The same for the same public half, whoever computes it.</summary>
    public static string IdOf(RSA key) =>
        Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>Hands the pair over: the caller disposes of it now.</summary>
    public RSA Release()
    {
        isReleased = true;
        return key;
    }

    public static void Dispose(IEnumerable<PlatformKey> keys)
    {
        foreach (var key in keys)
        {
            key.Dispose();
        }
    }

    public void Dispose()
    {
        if (!isReleased)
        {
            key.Dispose();
        }

        certificate.Dispose();
    }
}
