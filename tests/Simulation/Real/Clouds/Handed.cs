using System.Security.Cryptography;
using System.Text;
using ByokOperator.Importing.Wrapping;
using ByokOperator.Keys;
using ByokOperator.Material;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>Secrets that tenants hand over, wrapped for a wrapping key that is made once in a test process.</summary>
internal static class Handed
{
    private const string KeyEntry = "tls.key";
    private const int Most = 2;

    private static readonly Lazy<Secret> wrapping = new(() =>
        WrappingSecret.Make(new WrappingOptions { Namespace = World.OperatorNamespace, KeyBits = 2048, Validity = TimeSpan.FromDays(3650) }, 1, ManualTime.Start));

    private static readonly Lazy<byte[][]> wrapped = new(() =>
    [
        .. Enumerable.Range(0, Most + 1).Select(material =>
        {
            using var key = RSA.Create();
            key.ImportFromPem(Encoding.ASCII.GetString(wrapping.Value.Data![KeyEntry]));
            return key.Encrypt(Of(material), RSAEncryptionPadding.OaepSHA256);
        }),
    ]);

    /// <summary>The platform's wrapping key as its leader made it.</summary>
    public static Secret WrappingKey => wrapping.Value;

    /// <summary>The secret itself.</summary>
    /// <param name="material">Which: from 1 on.</param>
    public static byte[] Of(int material) => SHA256.HashData(Encoding.ASCII.GetBytes($"material {material}"));

    /// <summary>Which it is; zero for none that anybody handed over.</summary>
    public static int Which(ReadOnlySpan<byte> secret)
    {
        for (var material = 1; material <= Most; material++)
        {
            if (secret.SequenceEqual(Of(material)))
            {
                return material;
            }
        }

        return 0;
    }

    /// <summary>As the operator remembers it.</summary>
    public static string FingerprintOf(int material)
    {
        using var opened = KeyMaterial.CopyOf(Of(material));
        return UploadReader.FingerprintOf(opened);
    }

    public static int OfFingerprint(string fingerprint) => Enumerable.Range(1, Most).FirstOrDefault(material => FingerprintOf(material) == fingerprint);

    /// <summary>As a tenant applies it.</summary>
    public static Secret Upload(ObjectKey key, int material) => new()
    {
        Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace },
        Data = new Dictionary<string, byte[]>
        {
            ["wrappedKey"] = wrapped.Value[material],
            ["keyHash"] = Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(Of(material)))),
        },
    };

    /// <summary>It shows in this text, in any of the forms that secrets are written down in.</summary>
    public static bool IsToldIn(ReadOnlySpan<byte> text)
    {
        for (var material = 1; material <= Most; material++)
        {
            var secret = Of(material);
            if (text.IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(secret))) >= 0 || text.IndexOf(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret))) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
