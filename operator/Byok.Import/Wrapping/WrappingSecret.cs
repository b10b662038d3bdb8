using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Wrapping;

/// <summary>
/// How a generation of the wrapping key is written down: an immutable Secret of type <c>kubernetes.io/tls</c>, so that
/// a person can check and back it up with the tools at hand. Each generation has a Secret of its own, named by its
/// number: whoever creates it first wins, and nobody ever writes over a private key.
/// </summary>
public static class WrappingSecret
{
    public const string ChildKind = "wrapping-key";

    public const string NameLabel = "byok.dev/wrapping-name";

    private const string KeyEntry = "tls.key";
    private const string CertificateEntry = "tls.crt";

    /// <summary>Clocks of tenants' machines may be behind.</summary>
    private static readonly TimeSpan skew = TimeSpan.FromMinutes(10);

    public static Selection Selection(WrappingOptions options) =>
        new(options.Namespace,
            $"{ImportObjects.SelectorOf(ChildKind)},{NameLabel}={options.Name}");

    /// <summary>Makes a key pair, which takes a second or two, and its certificate.</summary>
    public static Secret Make(WrappingOptions options, int generation, DateTimeOffset now)
    {
        using var key = RSA.Create(options.KeyBits);
        var request = new CertificateRequest($"CN=byok wrapping key {options.Name} {generation}", key,
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - skew, now + options.Validity);
        var labels = ImportObjects.LabelsFor(ChildKind);
        labels[NameLabel] = options.Name;
        return new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = $"byok-wrapping-{options.Name}-{generation}",
                Namespace = options.Namespace,
                Labels = labels,
            },
            Type = "kubernetes.io/tls",
            Immutable = true,
            Data = new Dictionary<string, byte[]>
            {
                [CertificateEntry] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"),
                [KeyEntry] = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"),
            },
        };
    }

    /// <summary>The number at the end of the name; 0 where there is none.</summary>
    public static int GenerationOf(ObjectMeta metadata) =>
        int.TryParse(metadata.Name.AsSpan(metadata.Name.LastIndexOf('-') + 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var generation) ? generation : 0;

    /// <summary>Null for a Secret that somebody has spoilt: it opens nothing, and the others still do.</summary>
    public static PlatformKey? Read(Secret secret)
    {
        if (secret.Data is not { } data || !data.TryGetValue(KeyEntry, out var keyPem)
            || !data.TryGetValue(CertificateEntry, out var certificatePem))
        {
            return null;
        }

        var key = RSA.Create();
        var characters = GC.AllocateUninitializedArray<char>(keyPem.Length, pinned: true);
        try
        {
            var length = Encoding.ASCII.GetChars(keyPem, characters);
            key.ImportFromPem(characters.AsSpan(0, length));
            return new PlatformKey(GenerationOf(secret.Metadata), secret.Metadata,
                X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificatePem)), key);
        }
        catch (Exception spoilt) when (spoilt is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
        finally
        {
            Array.Clear(characters);
            CryptographicOperations.ZeroMemory(keyPem);
        }
    }
}
