namespace Cloud.Keys;

/// <summary>
/// A ciphertext made by the key when it was first proved. Whoever decrypts it holds the same key (law 4). Not a secret:
/// its plaintext was never given out.
/// </summary>
/// <param name="MaterialId">Which key material made it, where the service tells: on Azure the key's version.</param>
/// <param name="Context">Bound to the ciphertext on AWS. Key Vault has no such thing; there it is a note.</param>
public sealed record Canary(
    string KeyId, string? MaterialId, ReadOnlyMemory<byte> Ciphertext, IReadOnlyDictionary<string, string> Context)
{
    /// <summary>The same key's later version, proved in one look with an earlier one;
    /// null while the first is current or outlives rotations.</summary>
    public CanarySuccessor? Successor { get; init; }
}

/// <summary>
/// What a rotated key made while its canary could still be decrypted. Where versions are switched off one by one, it
/// goes on proving the key after the version that made the canary is gone.
/// </summary>
public sealed record CanarySuccessor(string MaterialId, ReadOnlyMemory<byte> Ciphertext);
