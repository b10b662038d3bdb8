using System.Globalization;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Wrapping;

/// <summary>The ConfigMap that tenants are given: the public half as PEM,
/// and as a certificate for tools that want one.</summary>
public static class PublicHalf
{
    public const string ChildKind = "wrapping-public";
    public const string KeyEntry = "public.pem";
    public const string CertificateEntry = "certificate.pem";

    private const string KeyIdEntry = "keyId";

    public static ObjectKey Address(WrappingOptions options) =>
        new(options.Namespace, $"byok-wrapping-public-{options.Name}");

    public static ConfigMap Of(WrappingOptions options, PlatformKey key)
    {
        var content = new Dictionary<string, string>
        {
            [KeyEntry] = key.Key.ExportSubjectPublicKeyInfoPem() + "\n",
            [CertificateEntry] = key.Certificate.ExportCertificatePem() + "\n",
            [KeyIdEntry] = key.Id,
            ["notAfter"] = key.NotAfter.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var address = Address(options);
        return new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = address.Name,
                Namespace = address.Namespace,
                Labels = ImportObjects.LabelsFor(ChildKind),
            },
            Data = content,
        };
    }

    public static string? KeyIdOf(ConfigMap published) => published.Data?.GetValueOrDefault(KeyIdEntry);

    public static bool Says(ConfigMap? standing, ConfigMap wanted) =>
        standing?.Data is { } data && wanted.Data!.All(entry => data.GetValueOrDefault(entry.Key) == entry.Value);
}
