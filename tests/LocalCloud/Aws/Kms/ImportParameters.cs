using System.Security.Cryptography;

namespace LocalCloud.Aws.Kms;

/// <summary>What an import token stands for: one key, one wrapping key, one algorithm, one day.</summary>
internal sealed record ImportParameters(
    KmsKey Key, RSA Pair, RSAEncryptionPadding Padding, byte[] Token, DateTimeOffset ValidTo)
{
    /// <returns>null when it was not wrapped with this public key and algorithm.</returns>
    public byte[]? Unwrap(byte[] wrapped)
    {
        try
        {
            lock (Pair)
            {
                return Pair.Decrypt(wrapped, Padding);
            }
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
