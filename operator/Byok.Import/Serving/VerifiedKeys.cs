using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Byok.Import.Serving;

/// <summary>Fingerprints of API keys that were found good lately: a call that shows one of them is no guess.
/// Lets nobody in.</summary>
internal sealed class VerifiedKeys
{
    /// <summary>Far more than integrations call on one day; beyond it a newcomer counts as a guess,
    /// which costs it nothing in peace.</summary>
    private const int Most = 4096;

    private readonly ConcurrentDictionary<string, bool> fingerprints = [];
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(ApiKey.SaltBytes);

    /// <summary>Of id and secret both: whoever knows an id alone makes guesses.
    /// Worth nothing outside of this process.</summary>
    public string FingerprintOf(ApiKey shown) => $"{shown.Id}.{Convert.ToHexString(shown.HashWith(salt))}";

    public bool Contains(string fingerprint) => fingerprints.ContainsKey(fingerprint);

    public void Add(ApiKey shown)
    {
        if (fingerprints.Count < Most)
        {
            fingerprints.TryAdd(FingerprintOf(shown), true);
        }
    }

    public void Forget(ApiKey shown) => fingerprints.TryRemove(FingerprintOf(shown), out _);
}
