using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LocalCloud.Aws.Kms;

/// <summary>
/// The ciphertext blob: 4 magic bytes, 1 length + key id, 16 bytes of the material's id, 12 nonce, 16 tag, AES-256-GCM
/// text. The encryption context is authenticated, not stored, as in KMS.
/// </summary>
internal static class KmsCipher
{
    private const uint Magic = 0x01020200;
    private const int MaterialIdBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Encrypt(KmsKey key, ReadOnlySpan<byte> plaintext, IReadOnlyDictionary<string, string> context)
    {
        var material = key.Current ?? throw KmsProblems.InvalidState(key);
        var head = 5 + key.Id.Length + MaterialIdBytes;
        var blob = new byte[head + NonceBytes + TagBytes + plaintext.Length];
        BinaryPrimitives.WriteUInt32BigEndian(blob, Magic);
        blob[4] = (byte)key.Id.Length;
        Encoding.ASCII.GetBytes(key.Id, blob.AsSpan(5));
        material.IdBytes.AsSpan(0, MaterialIdBytes).CopyTo(blob.AsSpan(5 + key.Id.Length));
        var nonce = blob.AsSpan(head, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(material.Bits, TagBytes);
        aes.Encrypt(nonce, plaintext, blob.AsSpan(head + NonceBytes + TagBytes),
            blob.AsSpan(head + NonceBytes, TagBytes), Bind(context));
        return blob;
    }

    /// <returns>null when this isn't a blob of ours.</returns>
    public static string? KeyIdOf(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 5 || BinaryPrimitives.ReadUInt32BigEndian(blob) != Magic
            || blob.Length < 5 + blob[4] + MaterialIdBytes + NonceBytes + TagBytes)
        {
            return null;
        }

        return Encoding.ASCII.GetString(blob.Slice(5, blob[4]));
    }

    public static byte[] Open(KmsKey key, ReadOnlySpan<byte> blob, IReadOnlyDictionary<string, string> context) =>
        OpenWith(key, blob, context).Plaintext;

    public static (byte[] Plaintext, KeyMaterial Material) OpenWith(
        KmsKey key, ReadOnlySpan<byte> blob, IReadOnlyDictionary<string, string> context)
    {
        var head = 5 + blob[4] + MaterialIdBytes;
        var material = key.Material(blob.Slice(5 + blob[4], MaterialIdBytes)) ?? throw KmsProblems.InvalidCiphertext();
        var plaintext = new byte[blob.Length - head - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(material.Bits, TagBytes);
            aes.Decrypt(blob.Slice(head, NonceBytes), blob[(head + NonceBytes + TagBytes)..],
                blob.Slice(head + NonceBytes, TagBytes), plaintext, Bind(context));
            return (plaintext, material);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw KmsProblems.InvalidCiphertext();
        }
    }

    /// <summary>Unambiguous and order-free: sorted pairs, each part led by its length.</summary>
    private static byte[] Bind(IReadOnlyDictionary<string, string> context)
    {
        if (context.Count == 0)
        {
            return [];
        }

        var text = new StringBuilder();
        foreach (var pair in context.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(pair.Key.Length).Append(':').Append(pair.Key).Append(pair.Value.Length).Append(':')
                .Append(pair.Value);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
