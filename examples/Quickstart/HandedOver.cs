namespace Quickstart;

/// <summary>What leaves the tenant's machine.</summary>
/// <param name="Wrapped">The bytes of encrypted_secret.bin.</param>
/// <param name="KeyHash">Base64 SHA-256 of the secret.</param>
internal sealed record HandedOver(byte[] Wrapped, string KeyHash);
