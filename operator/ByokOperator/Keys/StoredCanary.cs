using System.Security.Cryptography;
using Cloud.Keys;

namespace ByokOperator.Keys;

/// <summary>The canary that stands for a region: which key made it, under which material, and its digest.</summary>
internal sealed record StoredCanary(string KeyId, string? MaterialId, string Digest)
{
    public static StoredCanary Of(Canary canary) =>
        new(canary.KeyId, canary.MaterialId, Convert.ToHexStringLower(SHA256.HashData(canary.Ciphertext.Span)));

    public KeyPin Pin => new(KeyId, MaterialId, Digest);
}
