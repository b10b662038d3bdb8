namespace Cloud.Keys;

/// <summary>
/// A ciphertext made by the key when it was first proved. Whoever decrypts it holds the same key (law 4). Not a secret:
/// its plaintext was never given out.
/// </summary>
public sealed record Canary(string KeyId, string? MaterialId, ReadOnlyMemory<byte> Ciphertext, IReadOnlyDictionary<string, string> Context);
