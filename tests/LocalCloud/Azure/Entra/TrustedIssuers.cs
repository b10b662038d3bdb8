using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Entra;

/// <summary>Key sets of token issuers outside Entra, as Entra would fetch them from the issuer.</summary>
internal sealed class TrustedIssuers
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Id, SigningKey Key)>> issuers =
        new(StringComparer.Ordinal);

    public void Add(string issuer, SigningKey key) => issuers[issuer] = [(key.Id, key)];

    public void AddKeySet(string issuer, string json) => issuers[issuer] =
    [
        .. JsonNode.Parse(json)!["keys"]!.AsArray().Where(one => (string?)one!["kty"] == "RSA")
            .Select(one => ((string)one!["kid"]!, Import(one))),
    ];

    public SigningKey? Find(string issuer, string? keyId) =>
        issuers.GetValueOrDefault(issuer)?.FirstOrDefault(one => one.Id == keyId).Key;

    private static SigningKey Import(JsonNode jwk)
    {
        var rsa = RSA.Create();
        rsa.ImportParameters(
            new RSAParameters
            {
                Modulus = Base64UrlText.Decode((string)jwk["n"]!),
                Exponent = Base64UrlText.Decode((string)jwk["e"]!),
            });
        return new SigningKey(rsa);
    }
}
