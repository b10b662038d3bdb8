using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Byok.Import.Requests;
using Byok.Import.Wrapping;
using Byok.Material;
using ByokOperator.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>Secrets that tenants hand over, wrapped for keys that are made once in a test process.</summary>
internal static class Handed
{
    /// <summary>So many secrets are there, counted from 1.</summary>
    public const int Most = 2;

    /// <summary>With those that only whoever raises the generation hands over: more than a key takes.</summary>
    public const int All = Cloud.Keys.IImportedKeys.MostRotations + 3;

    /// <summary>So many generations has the platform's wrapping key, counted from 1.</summary>
    public const int Generations = 2;

    private const int KeyBits = 2048;

    private static readonly WrappingOptions options =
        new() { Namespace = World.OperatorNamespace, KeyBits = KeyBits, Validity = TimeSpan.FromDays(3650) };

    private static readonly Lazy<Secret>[] wrapping =
        [.. Enumerable.Range(1, Generations)
            .Select(generation => new Lazy<Secret>(() => WrappingSecret.Make(options, generation, ManualTime.Start)))];

    private static readonly byte[][] secrets = [.. Enumerable.Range(0, All + 1)
        .Select(material => SHA256.HashData(Encoding.ASCII.GetBytes($"material {material}")))];

    private static readonly Lazy<string[]> fingerprints = new(() => [.. secrets.Select(FingerprintOf)]);

    private static readonly byte[][] forms =
        [.. secrets.Skip(1)
            .SelectMany(secret => (string[])[Convert.ToBase64String(secret), Convert.ToHexStringLower(secret)])
            .Select(form => Encoding.ASCII.GetBytes(form))];

    private static readonly ConcurrentDictionary<(string For, int Material), byte[]> wrapped = new();

    /// <summary>PKCS#8, by the namespace that requests are for: making one takes long,
    /// so a tenant's requests share one.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> pairs = new();

    /// <summary>The platform's wrapping key as its leader made it.</summary>
    public static Secret WrappingKey(int generation) => wrapping[generation - 1].Value;

    /// <summary>The secret itself.</summary>
    public static byte[] Of(int material) => secrets[material];

    /// <summary>Which it is; zero for none that anybody handed over.</summary>
    public static int Which(ReadOnlySpan<byte> secret)
    {
        for (var material = 1; material <= All; material++)
        {
            if (secret.SequenceEqual(Of(material)))
            {
                return material;
            }
        }

        return 0;
    }

    /// <summary>As the operator remembers it.</summary>
    public static string FingerprintOf(int material) => fingerprints.Value[material];

    /// <summary>Zero for none of these.</summary>
    public static int OfFingerprint(string? fingerprint) =>
        Enumerable.Range(1, All).FirstOrDefault(material => FingerprintOf(material) == fingerprint);

    private static string FingerprintOf(byte[] secret)
    {
        using var opened = KeyMaterial.CopyOf(secret);
        return UploadReader.FingerprintOf(opened);
    }

    /// <summary>Under the platform's wrapping key.</summary>
    public static byte[] Wrapped(int material, int generation) =>
        wrapped.GetOrAdd(($"generation {generation}", material), _ =>
        {
            using var key = Read(generation);
            return key.Key.Encrypt(Of(material), RSAEncryptionPadding.OaepSHA256);
        });

    /// <summary>Under the pair of that namespace's requests.</summary>
    public static byte[] WrappedForRequest(int material, string ns) =>
        wrapped.GetOrAdd(($"request {ns}", material), _ =>
        {
            using var pair = PairOf(ns);
            return pair.Encrypt(Of(material), RSAEncryptionPadding.OaepSHA256);
        });

    /// <summary>What stands beside it for whoever opens it.</summary>
    public static byte[] HashOf(int material) =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA256.HashData(Of(material))));

    /// <summary>As the import API writes it down; its token is nobody's.</summary>
    public static ImportRequest Request(ObjectKey key, int number, int generation, DateTimeOffset expiresAt)
    {
        var id = number.ToString("x16", CultureInfo.InvariantCulture);
        using var under = Read(generation);
        using var pair = PairOf(key.Namespace);
        return new ImportRequest
        {
            Metadata = new ObjectMeta(),
            Id = id,
            For = key,
            PublicKeyPem = "-",
            TokenHash = SHA256.HashData(Encoding.ASCII.GetBytes(id)),
            EncryptedPair = PairEncryption.Encrypt(under, pair, ImportRequest.Binding(key, id)),
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>A secret shows in this text, in any of the forms that secrets are written down in.</summary>
    public static bool IsToldIn(ReadOnlySpan<byte> text)
    {
        foreach (var form in forms)
        {
            if (text.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whoever reads one wipes what it read.</summary>
    private static PlatformKey Read(int generation) => WrappingSecret.Read(WrappingKey(generation) with
    {
        Data = WrappingKey(generation).Data!.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray()),
    })!;

    private static RSA PairOf(string ns)
    {
        var pair = RSA.Create();
        pair.ImportPkcs8PrivateKey(pairs.GetOrAdd(ns, _ => new Lazy<byte[]>(Made)).Value, out var _);
        return pair;
    }

    private static byte[] Made()
    {
        using var pair = RSA.Create(KeyBits);
        return pair.ExportPkcs8PrivateKey();
    }
}
