namespace Byok.Material;

/// <summary>The numbers of one RSA key laid out as words in memory that the caller wipes,
/// and what must hold between them.</summary>
internal readonly ref struct RsaDesk
{
    private readonly Span<uint> modulus;
    private readonly Span<uint> privateExponent;
    private readonly Span<uint> p;
    private readonly Span<uint> q;
    private readonly Span<uint> dp;
    private readonly Span<uint> dq;
    private readonly Span<uint> inverse;
    private readonly Span<uint> product;
    private readonly Span<uint> rest;
    private readonly Span<uint> lessOne;
    private readonly Span<uint> exponent;

    /// <param name="memory">room for seven numbers as long as the modulus</param>
    /// <param name="bits">of the modulus</param>
    public RsaDesk(Span<uint> memory, int bits)
    {
        var whole = bits / 32;
        var half = whole / 2;
        modulus = Take(ref memory, whole);
        privateExponent = Take(ref memory, whole);
        p = Take(ref memory, half);
        q = Take(ref memory, half);
        dp = Take(ref memory, half);
        dq = Take(ref memory, half);
        inverse = Take(ref memory, half);
        product = Take(ref memory, whole);
        lessOne = Take(ref memory, half);
        rest = Take(ref memory, half + 1);
        exponent = Take(ref memory, 1);
    }

    /// <summary>False where a number is longer than it can be in a key of this size.</summary>
    public bool TryRead(RsaNumbers key) =>
        WideNumber.TryRead(key.Modulus.Span, modulus) && WideNumber.TryRead(key.PrivateExponent.Span, privateExponent)
        && WideNumber.TryRead(key.P.Span, p) && WideNumber.TryRead(key.Q.Span, q)
        && WideNumber.TryRead(key.DP.Span, dp) && WideNumber.TryRead(key.DQ.Span, dq)
        && WideNumber.TryRead(key.InverseQ.Span, inverse) && WideNumber.TryRead(key.PublicExponent.Span, exponent);

    /// <summary>Both half as long as the modulus, and odd; their product the modulus.</summary>
    public bool PrimesMakeModulus()
    {
        WideNumber.Multiply(p, q, product);
        return (p[0] & q[0] & 1) == 1 && WideNumber.BitLength(p) == p.Length * 32
            && WideNumber.BitLength(q) == q.Length * 32
            && WideNumber.Compare(product, modulus) == 0;
    }

    /// <summary>The private exponent undoes the public one modulo each prime,
    /// and what speeds it up says the same.</summary>
    public bool ExponentsFit() => Fits(p, dp) && Fits(q, dq) && InverseFits();

    public int PrivateExponentBits() => WideNumber.BitLength(privateExponent);

    /// <summary>How many bits the difference of the primes has.</summary>
    public int PrimesDistance()
    {
        var isOrdered = WideNumber.Compare(p, q) >= 0;
        (isOrdered ? p : q).CopyTo(lessOne);
        WideNumber.Subtract(lessOne, isOrdered ? q : p);
        return WideNumber.BitLength(lessOne);
    }

    private bool Fits(ReadOnlySpan<uint> prime, ReadOnlySpan<uint> reduced)
    {
        prime.CopyTo(lessOne);
        lessOne[0]--; // a prime of this size is odd
        WideNumber.Reduce(privateExponent, lessOne, rest);
        if (WideNumber.Compare(rest, reduced) != 0)
        {
            return false;
        }

        var times = product[..(reduced.Length + 1)];
        WideNumber.Multiply(reduced, exponent, times);
        WideNumber.Reduce(times, lessOne, rest);
        return WideNumber.IsOne(rest);
    }

    private bool InverseFits()
    {
        WideNumber.Multiply(inverse, q, product);
        WideNumber.Reduce(product, p, rest);
        return WideNumber.Compare(inverse, p) < 0 && WideNumber.IsOne(rest);
    }

    private static Span<uint> Take(scoped ref Span<uint> memory, int words)
    {
        var taken = memory[..words];
        memory = memory[words..];
        return taken;
    }
}
