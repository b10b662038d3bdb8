using System.Buffers.Binary;

namespace LocalCloud.Storage;

/// <summary>The reflected CRCs that S3 knows, slicing by eight, and their combination for parts.</summary>
internal sealed class Crc
{
    private readonly ulong[] tables = new ulong[8 * 256];
    private readonly ulong polynomial;
    private readonly ulong ones;
    private readonly int bits;

    private Crc(ulong polynomial, int bits)
    {
        this.polynomial = polynomial;
        this.bits = bits;
        ones = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        for (var i = 0; i < 256; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ polynomial : value >> 1;
            }

            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        }
    }

    public static Crc Crc32 { get; } = new(0xEDB88320, 32);

    public static Crc Crc32C { get; } = new(0x82F63B78, 32);

    public static Crc Crc64Nvme { get; } = new(0x9A6C9329AC4BC9B5, 64);

    public int Bytes => bits / 8;

    /// <summary>Continues a finished value; 0 is that of no bytes.</summary>
    public ulong Append(ulong crc, ReadOnlySpan<byte> data)
    {
        crc ^= ones;
        var t = tables.AsSpan();
        while (data.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = t[(7 * 256) + (int)(word & 0xFF)] ^ t[(6 * 256) + (int)((word >> 8) & 0xFF)]
                ^ t[(5 * 256) + (int)((word >> 16) & 0xFF)] ^ t[(4 * 256) + (int)((word >> 24) & 0xFF)]
                ^ t[(3 * 256) + (int)((word >> 32) & 0xFF)] ^ t[(2 * 256) + (int)((word >> 40) & 0xFF)]
                ^ t[256 + (int)((word >> 48) & 0xFF)] ^ t[(int)(word >> 56)];
            data = data[8..];
        }

        foreach (var one in data)
        {
            crc = (crc >> 8) ^ t[(int)((crc ^ one) & 0xFF)];
        }

        return crc ^ ones;
    }

    /// <summary>The value of left followed by right, from their values and right's length.</summary>
    public ulong Combine(ulong left, ulong right, long rightLength) => CombineShifted(Shift(rightLength), left, right);

    /// <summary>The same with the length's share computed before, for many pieces of one length.</summary>
    public ulong CombineShifted(ulong shift, ulong left, ulong right) => Multiply(shift, left) ^ right;

    public byte[] ToBytes(ulong crc)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, crc);
        return bytes[(8 - Bytes)..];
    }

    public ulong FromBytes(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var one in bytes)
        {
            value = (value << 8) | one;
        }

        return value;
    }

    /// <summary>x to the power of 8·count, modulo the polynomial,
    /// in the reflected form where the top bit is x⁰.</summary>
    public ulong Shift(long count)
    {
        var result = 1UL << (bits - 1);
        var square = 1UL << (bits - 9);
        for (; count > 0; count >>= 1)
        {
            if ((count & 1) != 0)
            {
                result = Multiply(result, square);
            }

            square = Multiply(square, square);
        }

        return result;
    }

    private ulong Multiply(ulong a, ulong b)
    {
        var product = 0UL;
        for (var mask = 1UL << (bits - 1); mask != 0; mask >>= 1)
        {
            if ((a & mask) != 0)
            {
                product ^= b;
            }

            b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
        }

        return product;
    }
}
