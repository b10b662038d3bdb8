using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Byok.Material;

namespace Byok.Import.Wrapping;

/// <summary>
/// Keeps a private key outside of the operator's memory: AES-256-GCM under a key made for this once, which is wrapped
/// by RSAES-OAEP with SHA-256 under the platform's wrapping key. What it belongs to is authenticated: an encrypted key
/// that is moved to another tenant's record does not open.
/// Layout: version, id of the wrapping key (8), length of the wrapped key (2), wrapped key, nonce (12), tag (16),
/// ciphertext.
/// </summary>
public static class PairEncryption
{
    private const byte Version = 1;
    private const int IdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;
    private const int HeadLength = 1 + IdLength + sizeof(ushort);

    public static byte[] Encrypt(PlatformKey under, RSA pair, string belongsTo)
    {
        using var plain = new SecretPage(SecretPage.Capacity);
        using var key = new SecretPage(KeyLength);
        if (!pair.TryExportPkcs8PrivateKey(plain.GetSpan(), out var length))
        {
            throw new CryptographicException("the private key is larger than any that is made here");
        }

        RandomNumberGenerator.Fill(key.GetSpan());
        var wrapped = under.Key.Encrypt(key.GetSpan(), RSAEncryptionPadding.OaepSHA256);
        var encrypted = new byte[HeadLength + wrapped.Length + NonceLength + TagLength + length];
        encrypted[0] = Version;
        Convert.FromHexString(under.Id).CopyTo(encrypted, 1);
        BinaryPrimitives.WriteUInt16BigEndian(encrypted.AsSpan(1 + IdLength), (ushort)wrapped.Length);
        wrapped.CopyTo(encrypted, HeadLength);
        var parts = Layout.Of(encrypted)!.Value;
        RandomNumberGenerator.Fill(encrypted.AsSpan(parts.Nonce));
        using var cipher = new AesGcm(key.GetSpan(), TagLength);
        cipher.Encrypt(encrypted.AsSpan(parts.Nonce), plain.GetSpan()[..length], encrypted.AsSpan(parts.Text),
            encrypted.AsSpan(parts.Tag), Encoding.UTF8.GetBytes(belongsTo));
        return encrypted;
    }

    /// <summary>Null where no key at hand opens it, it belongs elsewhere, or it was changed.</summary>
    public static RSA? Decrypt(IEnumerable<PlatformKey> keys, byte[] encrypted, string belongsTo)
    {
        if (Layout.Of(encrypted) is not { } parts
            || keys.FirstOrDefault(key => key.Id == KeyIdOf(encrypted)) is not { } under)
        {
            return null;
        }

        using var plain = new SecretPage(SecretPage.Capacity);
        using var key = new SecretPage(SecretPage.Capacity);
        try
        {
            if (!under.Key.TryDecrypt(encrypted.AsSpan(parts.Wrapped), key.GetSpan(), RSAEncryptionPadding.OaepSHA256,
                out var keyLength) || keyLength != KeyLength)
            {
                return null;
            }

            var text = encrypted.AsSpan(parts.Text);
            using var cipher = new AesGcm(key.GetSpan()[..KeyLength], TagLength);
            cipher.Decrypt(encrypted.AsSpan(parts.Nonce), text, encrypted.AsSpan(parts.Tag),
                plain.GetSpan()[..text.Length], Encoding.UTF8.GetBytes(belongsTo));
            var pair = RSA.Create();
            pair.ImportPkcs8PrivateKey(plain.GetSpan()[..text.Length], out _);
            return pair;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Which wrapping key it was encrypted under; empty for what is no encrypted key.</summary>
    public static string KeyIdOf(byte[] encrypted) =>
        encrypted.Length < HeadLength ? "" : Convert.ToHexStringLower(encrypted.AsSpan(1, IdLength));

    private readonly record struct Layout(Range Wrapped, Range Nonce, Range Tag, Range Text)
    {
        public static Layout? Of(ReadOnlySpan<byte> encrypted)
        {
            if (encrypted.Length < HeadLength || encrypted[0] != Version)
            {
                return null;
            }

            var nonce = HeadLength + BinaryPrimitives.ReadUInt16BigEndian(encrypted[(1 + IdLength)..]);
            var tag = nonce + NonceLength;
            var text = tag + TagLength;
            return encrypted.Length <= text || encrypted.Length - text > SecretPage.Capacity
                ? null
                : new Layout(HeadLength..nonce, nonce..tag, tag..text, text..encrypted.Length);
        }
    }
}
