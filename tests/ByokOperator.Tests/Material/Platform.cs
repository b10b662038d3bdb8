using System.Security.Cryptography;
using Byok.Material;

namespace ByokOperator.Tests.Material;

/// <summary>Wrapping keys made once for all tests: making RSA-4096 takes seconds.</summary>
internal static class Platform
{
    private static readonly DateTimeOffset Later = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly RSA CurrentPair = RSA.Create(4096);
    public static readonly RSA PreviousPair = RSA.Create(4096);
    public static readonly RSA ForeignPair = RSA.Create(4096);

    public static readonly WrappingKey Current = new("current", CurrentPair, Later);
    public static readonly WrappingKey Previous = new("previous", PreviousPair, Later);

    public static IReadOnlyList<WrappingKey> Keys => [Current, Previous];

    public static byte[] Secret() => RandomNumberGenerator.GetBytes(KeyMaterial.Length);

    public static byte[] Wrap(byte[] secret, RSAEncryptionPadding? padding = null, RSA? pair = null) =>
        (pair ?? CurrentPair).Encrypt(secret, padding ?? RSAEncryptionPadding.OaepSHA256);

    public static string HashOf(byte[] secret) => Convert.ToBase64String(SHA256.HashData(secret));

    public static OpenedMaterial Open(byte[] uploaded, string? keyHash = null, bool legacy = false) =>
        MaterialOpener.Open(Keys, uploaded, keyHash, legacy);
}
