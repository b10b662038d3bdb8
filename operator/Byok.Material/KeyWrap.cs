using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>AES key wrap with padding (RFC 5649): the second half of CKM_RSA_AES_KEY_WRAP.</summary>
internal static class KeyWrap
{
    /// <summary>Of the AES key that is taken.</summary>
    public const int KeyBytes = 32;

    /// <summary>What wrapping works in; a wrapped key is a whole number of these.</summary>
    public const int Unit = 8;

    /// <summary>The least that comes of wrapping: one unit with its check.</summary>
    public const int LeastWrapped = 2 * Unit;

    public static int WrappedLength(int bytes) => (bytes + Unit - 1) / Unit * Unit + Unit;

    public static byte[] Wrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain)
    {
        using var aes = Keyed(key);
        return aes.EncryptKeyWrapPadded(plain);
    }

    /// <summary>
    /// How many bytes came out, or -1. The destination has room for all but 8 bytes of what was wrapped, so that
    /// nothing passes through a buffer of somebody else's.
    /// </summary>
    public static int Unwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> wrapped, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, wrapped.Length - Unit);
        using var aes = Keyed(key);
        try
        {
            return aes.DecryptKeyWrapPadded(wrapped, destination);
        }
        catch (Exception refused) when (refused is CryptographicException or ArgumentException)
        {
            return -1;
        }
    }

    private static Aes Keyed(ReadOnlySpan<byte> key)
    {
        var aes = Aes.Create();
        aes.SetKey(key);
        return aes;
    }
}
