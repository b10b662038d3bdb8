using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LocalCloud.Aws.Kms;

/// <summary>
/// RSA pairs to wrap with, shared by all clouds of the process because making one takes about a second. Two of each
/// size, handed out in turn: a public key never fits the token that the same key was given before.
/// </summary>
internal static class WrappingKeys
{
    private const int PairsPerSize = 2;

    private static readonly ConcurrentDictionary<(int Bits, int Slot), Lazy<RSA>> Pairs = new();

    /// <param name="turn">Of the key that is imported into, counting on.</param>
    public static RSA Take(int bits, int turn) => Pairs.GetOrAdd(
        (bits, turn % PairsPerSize),
        static which => new Lazy<RSA>(() => RSA.Create(which.Bits))).Value;
}
