using System.Security.Cryptography;

namespace Cluster.Tests.Moving;

/// <summary>What a tenant's workload does where its binding leads.</summary>
internal interface IWorkload
{
    /// <summary>Null where it was taken, else the code of the refusal.</summary>
    Task<string?> WriteAsync(IReadOnlyDictionary<string, string> binding, string name, byte[] content);

    Task<(string? Digest, string? Refusal)> ReadAsync(IReadOnlyDictionary<string, string> binding, string name);

    static string DigestOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
