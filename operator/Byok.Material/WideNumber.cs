using System.Buffers.Binary;

namespace Byok.Material;

/// <summary>
/// Arithmetic on numbers that must stay where they are: BigInteger would leave copies of them on the heap. Words of 32
/// bits, the lowest first, in memory that the caller wipes. Plain rather than fast, and not in fixed time:
/// it is asked once per upload, about whole keys.
/// </summary>
internal static class WideNumber
{
    private const int WordBytes = sizeof(uint);
    private const int WordBits = 32;

    /// <summary>False where the number has more bytes than there is room for.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bigEndian, Span<uint> number)
    {
        var digits = bigEndian.TrimStart((byte)0);
        if (digits.Length > number.Length * WordBytes)
        {
            return false;
        }

        for (var word = 0; word < number.Length; word++)
        {
            var end = digits.Length - word * WordBytes;
            number[word] = end switch
            {
                >= WordBytes => BinaryPrimitives.ReadUInt32BigEndian(digits[(end - WordBytes)..]),
                > 0 => Partial(digits[..end]),
                _ => 0,
            };
        }

        return true;
    }

    /// <summary>The product has exactly as many words as its factors together.</summary>
    public static void Multiply(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, Span<uint> product)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(product.Length, left.Length + right.Length);
        product.Clear();
        for (var row = 0; row < left.Length; row++)
        {
            ulong carry = 0;
            for (var column = 0; column < right.Length; column++)
            {
                carry += (ulong)left[row] * right[column] + product[row + column];
                product[row + column] = (uint)carry;
                carry >>= WordBits;
            }

            product[row + right.Length] = (uint)carry;
        }
    }

    /// <summary>What a division by the modulus, which is not zero, leaves.
    /// The rest has one word more than the modulus.</summary>
    public static void Reduce(ReadOnlySpan<uint> value, ReadOnlySpan<uint> modulus, Span<uint> rest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rest.Length, modulus.Length + 1);
        rest.Clear();
        for (var bit = value.Length * WordBits - 1; bit >= 0; bit--)
        {
            DoubleAndAdd(rest, value[bit / WordBits] >> (bit % WordBits) & 1);
            if (Compare(rest, modulus) >= 0)
            {
                Subtract(rest, modulus);
            }
        }
    }

    /// <summary>Takes a number away that is not larger and has not more words.</summary>
    public static void Subtract(Span<uint> from, ReadOnlySpan<uint> what)
    {
        long borrow = 0;
        for (var word = 0; word < from.Length; word++)
        {
            borrow += (long)from[word] - (word < what.Length ? what[word] : 0);
            from[word] = (uint)borrow;
            borrow >>= WordBits;
        }
    }

    public static int Compare(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right)
    {
        for (var word = Math.Max(left.Length, right.Length) - 1; word >= 0; word--)
        {
            var (one, other) = (word < left.Length ? left[word] : 0, word < right.Length ? right[word] : 0);
            if (one != other)
            {
                return one < other ? -1 : 1;
            }
        }

        return 0;
    }

    /// <summary>How many binary digits the number has.</summary>
    public static int BitLength(ReadOnlySpan<uint> number)
    {
        var top = number.LastIndexOfAnyExcept(0u);
        return top < 0 ? 0 : (top + 1) * WordBits - int.CreateChecked(uint.LeadingZeroCount(number[top]));
    }

    public static bool IsOne(ReadOnlySpan<uint> number) => number[0] == 1 && !number[1..].ContainsAnyExcept(0u);

    private static void DoubleAndAdd(Span<uint> number, uint bit)
    {
        for (var word = 0; word < number.Length; word++)
        {
            var next = number[word] >> (WordBits - 1);
            number[word] = number[word] << 1 | bit;
            bit = next;
        }
    }

    private static uint Partial(ReadOnlySpan<byte> bigEndian)
    {
        uint word = 0;
        foreach (var one in bigEndian)
        {
            word = word << 8 | one;
        }

        return word;
    }
}
