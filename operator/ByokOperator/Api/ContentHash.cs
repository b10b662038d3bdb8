using System.Security.Cryptography;
using System.Text;

namespace ByokOperator.Api;

/// <summary>The digest of a child's content. 16 hex digits.</summary>
internal static class ContentHash
{
    public static string Of(IReadOnlyDictionary<string, string> content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n',
                content.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => $"{entry.Key}={entry.Value}")))))[..16];
}
