using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ImportProbe;

/// <summary>A few RSA pairs, made once for a process and handed out in turn: what most tests ask of a pair is not how it came about.</summary>
public static class MadePairs
{
    /// <summary>More than any test has in hand at a time.</summary>
    private const int Several = 8;

    private static readonly ConcurrentDictionary<(int Bits, int Number), Lazy<RSAParameters>> made = new();

    /// <summary>A source of its own: no pair comes twice out of the same one before the others did.</summary>
    public static Func<RSA> Of(int bits)
    {
        var turn = -1;
        return () => RSA.Create(made.GetOrAdd((bits, Interlocked.Increment(ref turn) % Several), static which => new Lazy<RSAParameters>(() => Make(which.Bits))).Value);
    }

    private static RSAParameters Make(int bits)
    {
        using var pair = RSA.Create(bits);
        return pair.ExportParameters(includePrivateParameters: true);
    }
}
