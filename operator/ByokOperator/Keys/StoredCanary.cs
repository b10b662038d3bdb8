namespace ByokOperator.Keys;

/// <summary>The canary that stands for a region: which key made it, under which material, and its digest.</summary>
internal sealed record StoredCanary(string KeyId, string? MaterialId, string Digest)
{
    public KeyPin Pin => new(KeyId, MaterialId, Digest);
}
