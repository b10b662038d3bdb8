namespace Cloud.Keys;

/// <summary>
/// What a rotated key made while its canary could still be decrypted. Where versions are switched off one by one, it
/// goes on proving the key after the version that made the canary is gone.
/// </summary>
public sealed record CanarySuccessor(string MaterialId, ReadOnlyMemory<byte> Ciphertext);
