using System.Buffers.Binary;

namespace Byok.Material;

/// <summary>
/// Tells a pattern from a random secret. Weak is: a block of up to 16 bytes repeated (a constant is a block of one);
/// bytes, or 2-, 4- or 8-byte words of either byte order, that count up or down by a fixed step; at most 12 different
/// bytes; 8 equal bytes in a row (a shorter key padded); mirrored halves; nothing but printable characters (a password,
/// or a 128-bit key written in hexadecimal). A random secret is taken for weak with a probability under 2^-45, nearly
/// all of it from the last rule: about once in 50 million million secrets. What can't be told from random, such as the
/// hash of a weak password, passes: the tenant answers for the source.
/// </summary>
internal static class MaterialStrength
{
    private const int LongestBlock = KeyMaterial.Length / 2;
    private const int FewValues = 12;
    private const int LongRun = 8;

    /// <summary>What is weak about it in words that hold nothing of it, or null.</summary>
    public static string? WeaknessOf(ReadOnlySpan<byte> secret) =>
        IsRepeated(secret) ? "a short block repeated"
        : IsCounting(secret) ? "bytes or words that count"
        : HasFewValues(secret) ? "few different bytes"
        : HasLongRun(secret) ? "many equal bytes in a row"
        : IsMirrored(secret) ? "mirrored halves"
        : IsPrintable(secret) ? "printable text, not random bytes"
        : null;

    private static bool IsRepeated(ReadOnlySpan<byte> secret)
    {
        for (var block = 1; block <= LongestBlock; block++)
        {
            if (secret[block..].SequenceEqual(secret[..^block]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCounting(ReadOnlySpan<byte> secret) =>
        CountsIn(secret, 1, false) || CountsIn(secret, 2, false) || CountsIn(secret, 2, true)
            || CountsIn(secret, 4, false) || CountsIn(secret, 4, true)
        || CountsIn(secret, 8, false) || CountsIn(secret, 8, true);

    private static bool CountsIn(ReadOnlySpan<byte> secret, int width, bool isLittleEndian)
    {
        var mask = width == 8 ? ulong.MaxValue : (1UL << (8 * width)) - 1;
        var step = (Word(secret, 1, width, isLittleEndian) - Word(secret, 0, width, isLittleEndian)) & mask;
        for (var index = 2; index < secret.Length / width; index++)
        {
            if (((Word(secret, index, width, isLittleEndian) - Word(secret, index - 1, width, isLittleEndian)) & mask)
                != step)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Word(ReadOnlySpan<byte> secret, int index, int width, bool isLittleEndian)
    {
        var bytes = secret.Slice(index * width, width);
        return width switch
        {
            1 => bytes[0],
            2 =>
                isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
                    : BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 =>
                isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
                    : BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ =>
                isLittleEndian ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
                    : BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
    }

    private static bool HasFewValues(ReadOnlySpan<byte> secret)
    {
        var different = 0;
        for (var index = 0; index < secret.Length; index++)
        {
            different += secret[..index].Contains(secret[index]) ? 0 : 1;
        }

        return different <= FewValues;
    }

    private static bool HasLongRun(ReadOnlySpan<byte> secret)
    {
        var run = 1;
        for (var index = 1; index < secret.Length; index++)
        {
            run = secret[index] == secret[index - 1] ? run + 1 : 1;
            if (run >= LongRun)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMirrored(ReadOnlySpan<byte> secret)
    {
        for (var index = 0; index < secret.Length / 2; index++)
        {
            if (secret[index] != secret[^(index + 1)])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPrintable(ReadOnlySpan<byte> secret) =>
        !secret.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);
}
